export { HistoryBuilder, historyOf } from './builder.ts';
export type { ReadWarning } from './decoder.ts';
export { encodeEvent, encodeOp } from './encode.ts';
export { fingerprint } from './fingerprint.ts';
export { HISTORY_FORMATS, type HistoryFormat } from './format.ts';
export { byF, byKey, byProcess, eventsOf, type Groups } from './groups.ts';
export { type Columns, History } from './history.ts';
export { HistoryFileError, HistoryTooLarge } from './history-file-error.ts';
export { JsonlWriter } from './jsonl-writer.ts';
export type { LineWriterOptions } from './line-writer.ts';
export {
  FAIL,
  INFO,
  INVOKE,
  type Key,
  type Nanos,
  NEMESIS,
  OK,
  OP_TYPES,
  type Op,
  type OpEvent,
  type OpType,
  type Process,
  TYPE_CODE,
} from './op.ts';
export { type ReadHistory, type ReadOptions, readHistory } from './read.ts';
export { writeHistory } from './write.ts';
