import type { Query } from '../shared/log-client.ts';
import type { Answer } from '../shared/state-machine.ts';

export type RpcMessage =
  | { readonly type: 'calls'; readonly calls: readonly Query[] }
  | { readonly type: 'result'; readonly id: string; readonly answer: Answer };

/** The request's id: the same for each try of one request, whichever node it comes through, and for no other request. */
export function idOf({ client, sequence }: Query): string {
  return `${client}.${sequence}`;
}
