/**
 * How a history can stand in a file:
 * `jsonl`: Momus's own, one JSON event a line;
 * `edn`: Jepsen's `history.edn`, one map or record an operation, alone or in a vector or list;
 * `porcupine-kv`: Porcupine's key-value logs, which are EDN maps with a `:key`;
 * `etcd-log`: lines of a Jepsen log, as in those of its old etcd tests: `INFO  jepsen.util - 0  :invoke  :read  nil`.
 */
export const HISTORY_FORMATS = ['jsonl', 'edn', 'porcupine-kv', 'etcd-log'] as const;

export type HistoryFormat = (typeof HISTORY_FORMATS)[number];

/** The format that a file's name tells, `.gz` aside, or undefined. */
export function formatByName(path: string): HistoryFormat | undefined {
  const name = path.replace(/\.gz$/, '');
  if (/\.(jsonl|ndjson)$/.test(name)) return 'jsonl';
  return name.endsWith('.edn') ? 'edn' : undefined;
}

/** The format that the beginning of a file looks like, or undefined. */
export function formatByContent(beginning: string): HistoryFormat | undefined {
  const text = beginning.trimStart();
  if (/^\{\s*"/.test(text)) return 'jsonl';
  if (/^.*\bjepsen\.util\b/.test(text)) return 'etcd-log';
  return /^([[({;]|#jepsen|#_)/.test(text) ? 'edn' : undefined;
}
