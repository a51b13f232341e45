// Writes events to the file in its argument until it is killed; says on stdout how many it has flushed.
import { writeSync } from 'node:fs';
import { JsonlWriter } from '../../histories/jsonl-writer.ts';

const writer = new JsonlWriter(process.argv[2]!, { batch: 2000 });
for (let index = 0; ; index++) {
  writer.append({
    index,
    time: index,
    process: index % 7,
    type: 'invoke',
    f: 'write',
    value: `value ${index}`,
  });
  if (index % 1000 === 999) {
    writer.flush();
    writeSync(1, `${index + 1}\n`);
  }
}
