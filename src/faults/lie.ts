import type { Dice } from './random.ts';

/**
 * The ways in which a node may lie to others (Lamport, Shostak and Pease 1982): it keeps from some or all what it should
 * say, falsifies it, tells some the truth and others a falsehood, or says again what it said at another time.
 */
export const LIES = ['silence', 'forge', 'equivocate', 'replay'] as const;

export type Lie = (typeof LIES)[number];

/** How a node lies. */
export interface LiePolicy {
  readonly lies: readonly Lie[];
  /** The part of its messages about which it lies. */
  readonly share: number;
}

/** What it does about one message, whoever is to get it. */
type Plan =
  | { readonly lie: 'none' | 'silence-to-all' | 'silence-to-some' }
  | { readonly lie: 'to-all' | 'to-some'; readonly instead: unknown };

/** What a liar remembers. Plain data. */
export interface LiarState {
  /** What was said in each place of messages: what stands there in a forged one is something that might be true. */
  readonly heard: Map<string, unknown[]>;
  /** What it was to send, as text, the latest last. */
  readonly said: unknown[];
  /** The message that it was to send last, as text, and what it does about it. */
  about: string;
  plan: Plan;
}

/** A place in a message: names of properties, and positions in lists. */
type Place = readonly (string | number)[];

const REMEMBERED_MESSAGES = 32;
const REMEMBERED_PLACES = 1_000;
const REMEMBERED_VALUES = 16;

export function newLiar(): LiarState {
  return { heard: new Map(), said: [], about: '', plan: { lie: 'none' } };
}

/** Takes note of what is said, by itself or others. */
export function listen({ heard }: LiarState, message: unknown): void {
  for (const place of placesOf(message)) {
    const name = nameOf(place);
    const value = at(message, place);
    const values = heard.get(name);
    if (values === undefined) {
      if (heard.size < REMEMBERED_PLACES) heard.set(name, [value]);
    } else if (!values.includes(value)) {
      values.push(value);
      if (values.length > REMEMBERED_VALUES) values.shift();
    }
  }
}

/**
 * What one receiver gets in place of a message, which is left as it is: the message itself, another one, or nothing. A
 * falsehood is the same for all to whom it is told.
 */
export function lie(policy: LiePolicy, state: LiarState, message: unknown, dice: Dice): readonly unknown[] {
  const text = message instanceof Uint8Array ? message.join() : JSON.stringify(message);
  if (text !== state.about) {
    listen(state, message);
    state.plan = planOf(policy, state, message, dice);
    state.about = text;
    state.said.push(message);
    if (state.said.length > REMEMBERED_MESSAGES) state.said.shift();
  }
  const { plan } = state;
  switch (plan.lie) {
    case 'none':
      return [message];
    case 'silence-to-all':
      return [];
    case 'silence-to-some':
      return dice.int(2) === 0 ? [] : [message];
    case 'to-all':
      return [plan.instead];
    case 'to-some':
      return dice.int(2) === 0 ? [plan.instead] : [message];
  }
}

function planOf(policy: LiePolicy, state: LiarState, message: unknown, dice: Dice): Plan {
  if (dice.float() >= policy.share) return { lie: 'none' };
  switch (policy.lies[dice.int(policy.lies.length)]) {
    case 'silence':
      return { lie: dice.int(2) === 0 ? 'silence-to-all' : 'silence-to-some' };
    case 'forge':
      return { lie: 'to-all', instead: forged(state, message, dice) };
    case 'equivocate':
      return { lie: 'to-some', instead: forged(state, message, dice) };
    case 'replay':
      if (state.said.length === 0) return { lie: 'none' };
      return { lie: 'to-some', instead: state.said[dice.int(state.said.length)] };
    default:
      return { lie: 'none' };
  }
}

/** The message with one of its parts replaced by something else that was heard in that place, or that is near it. */
export function forged({ heard }: LiarState, message: unknown, dice: Dice): unknown {
  if (message instanceof Uint8Array) return flippedBit(message, dice);
  const open = [...placesOf(message)];
  while (open.length > 0) {
    const [place] = open.splice(dice.int(open.length), 1);
    const value = at(message, place!);
    const others = (heard.get(nameOf(place!)) ?? []).filter((other) => other !== value);
    if (others.length > 0) return withPart(message, place!, others[dice.int(others.length)]);
    if (typeof value === 'number') return withPart(message, place!, value + (dice.int(2) === 0 ? 1 : -1));
    if (typeof value === 'boolean') return withPart(message, place!, !value);
  }
  return message;
}

function flippedBit(bytes: Uint8Array, dice: Dice): Uint8Array {
  const copy = bytes.slice();
  if (copy.length > 0) copy[dice.int(copy.length)]! ^= 1 << dice.int(8);
  return copy;
}

/** Where a message has a number, a text, a truth value or null. */
function* placesOf(message: unknown, place: Place = []): Generator<Place> {
  if (typeof message !== 'object' || message === null) {
    yield place;
  } else if (Array.isArray(message)) {
    for (let i = 0; i < message.length; i++) yield* placesOf(message[i], [...place, i]);
  } else if (!ArrayBuffer.isView(message)) {
    for (const [name, part] of Object.entries(message)) yield* placesOf(part, [...place, name]);
  }
}

/** All positions of a list are the same place. */
function nameOf(place: Place): string {
  return place.map((step) => (typeof step === 'number' ? '[]' : step)).join('.');
}

function at(message: unknown, place: Place): unknown {
  return place.reduce<unknown>((part, step) => (part as Record<string | number, unknown>)[step], message);
}

function withPart(message: unknown, [step, ...rest]: Place, part: unknown): unknown {
  if (step === undefined) return part;
  const inner = withPart((message as Record<string | number, unknown>)[step], rest, part);
  if (!Array.isArray(message)) return { ...(message as object), [step]: inner };
  return message.map((old, i) => (i === step ? inner : old));
}
