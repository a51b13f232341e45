import type { Disk, NodeContext } from '../../../world/node-program.ts';
import type { Message as PaxosMessage } from '../shared/multi-paxos/messages.ts';
import type { Group, GroupMessage, Message } from './messages.ts';

/** A node as one of its groups sees it: its messages, timers and files are told apart from the other groups' by number. */
export function groupContext(context: NodeContext<Message>, group: Group): NodeContext<PaxosMessage> {
  return {
    id: context.id,
    peers: context.peers,
    random: context.random,
    wallClock: () => context.wallClock(),
    monotonic: () => context.monotonic(),
    send: (to, message: PaxosMessage | GroupMessage) =>
      context.send(to, { group: 'group' in message ? message.group : group, message }),
    reply: (to, answer) => context.reply(to, answer),
    setTimer: (name, delay) => context.setTimer(`${group}/${name}`, delay),
    cancelTimer: (name) => context.cancelTimer(`${group}/${name}`),
    disk: groupDisk(context.disk, `${group}.`),
    trace: (event) => context.trace(event),
  };
}

/** The files of one group, and its syncs, which cover those of all. */
function groupDisk(disk: Disk, prefix: string): Disk {
  return {
    read: (file) => disk.read(prefix + file),
    append: (file, data) => disk.append(prefix + file, data),
    write: (file, data) => disk.write(prefix + file, data),
    rename: (from, to) => disk.rename(prefix + from, prefix + to),
    remove: (file) => disk.remove(prefix + file),
    list: () =>
      disk
        .list()
        .filter((file) => file.startsWith(prefix))
        .map((file) => file.slice(prefix.length)),
    sync: (tag) => disk.sync(`${Number.parseInt(prefix, 10)}/${tag}`),
  };
}
