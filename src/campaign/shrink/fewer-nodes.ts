import type { Grudge, NodeId } from '../../faults/fault.ts';
import type { ScriptedFault } from '../../spec/script.ts';
import type { ScriptedSpec } from './shrink.ts';

/** The same test without its last node: what clients asked of it they ask of another, what befell it befalls nobody. */
export function withoutLastNode(spec: ScriptedSpec): ScriptedSpec {
  const gone: NodeId = `n${spec.nodes}`;
  const { operations, faults } = spec.script;
  return {
    ...spec,
    nodes: spec.nodes - 1,
    script: {
      ...spec.script,
      operations: operations.map((op) =>
        op.node === gone ? { ...op, node: `n${(op.thread % (spec.nodes - 1)) + 1}` } : op,
      ),
      faults: faults.flatMap((fault) => withoutNode(fault, gone)),
    },
  };
}

/** The fault as far as it befalls others. */
function withoutNode(fault: ScriptedFault, gone: NodeId): ScriptedFault[] {
  if ('node' in fault && fault.node === gone) return [];
  if ('grudge' in fault && fault.grudge !== undefined) {
    const grudge = withoutMember(fault.grudge, gone);
    return Object.keys(grudge).length === 0 ? [] : [{ ...fault, grudge } as ScriptedFault];
  }
  if ('links' in fault && fault.links !== undefined) {
    const links = fault.links.filter((link) => !link.includes(gone));
    return links.length === 0 ? [] : [{ ...fault, links } as ScriptedFault];
  }
  return [fault];
}

function withoutMember(grudge: Grudge, gone: NodeId): Grudge {
  const left = Object.entries(grudge)
    .filter(([to]) => to !== gone)
    .map(([to, senders]): [NodeId, NodeId[]] => [to, senders.filter((from) => from !== gone)]);
  return Object.fromEntries(left.filter(([, senders]) => senders.length > 0));
}
