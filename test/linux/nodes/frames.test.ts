import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame, type Frame, FrameReader } from '../../../src/linux/nodes/frames.ts';

const FRAMES: readonly Frame[] = [
  { kind: 'json', content: { type: 'vote', term: 3, text: 'Zäsur 💥' } },
  { kind: 'bytes', content: Uint8Array.of(0, 255, 10, 13) },
  { kind: 'json', content: null },
  { kind: 'bytes', content: new Uint8Array() },
  { kind: 'pass-on', content: [1, 2, { three: [] }] },
];
const STREAM = Buffer.concat(FRAMES.map(encodeFrame));

test.each([1, 2, 7, 13, 14, 1_000])(
  'a stream that comes %i bytes at a time has the frames that were sent',
  (size) => {
    const got: Frame[] = [];
    const reader = new FrameReader((frame) => got.push(frame));
    for (let at = 0; at < STREAM.length; at += size)
      expect(reader.push(STREAM.subarray(at, at + size))).toBe(true);
    expect(got).toEqual(FRAMES);
  },
);

test('a flipped bit is never taken for another message, unless it is in the bytes of one', () => {
  for (const frame of FRAMES) {
    const sent = encodeFrame(frame);
    for (let bit = 0; bit < sent.length * 8; bit++) {
      const damaged = Buffer.from(sent);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      const got = decodeFrame(damaged);
      if (frame.kind === 'bytes' && bit >= 13 * 8)
        expect(got?.content).toEqual(Uint8Array.from(damaged.subarray(13)));
      else expect(got).toBe(null);
    }
  }
});

test('after damage a stream has no more frames', () => {
  const got: Frame[] = [];
  const reader = new FrameReader((frame) => got.push(frame));
  const damaged = Buffer.from(STREAM);
  damaged[13]! ^= 1;
  expect(reader.push(damaged)).toBe(false);
  expect(got).toEqual([]);
});
