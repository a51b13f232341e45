import type { LockStore, Resource } from '../shared/leased-locks.ts';
import { type ZooKeeperConnection, ZooKeeperError } from './connection.ts';

interface Sessions {
  /** Begins the session of a grant. */
  openSession(): Promise<ZooKeeperConnection>;
  /** The client's own session. */
  connection(): Promise<ZooKeeperConnection>;
}

/**
 * Locks as ephemeral nodes, which go with the session that made them. Each grant has a session of its own, begun for it
 * and never kept up, so that it is over no sooner than its time-out after the client asked. The transaction that made
 * the node is the fencing token.
 */
export function zookeeperLocks({ openSession, connection }: Sessions): LockStore<ZooKeeperConnection> {
  return {
    async take(name) {
      const session = await openSession();
      try {
        return { token: await session.createEphemeral(`/lock-${name}`), entry: session };
      } catch (error) {
        await session.endSession();
        if (error instanceof ZooKeeperError && error.code === 'NodeExists') return null;
        throw error;
      }
    },
    async giveUp(name, session) {
      try {
        // A session that is over has lost the node, and its connection too.
        await session.delete(`/lock-${name}`);
        return true;
      } catch (error) {
        if (error instanceof ZooKeeperError && GONE.has(error.code)) return false;
        throw error;
      } finally {
        await session.endSession();
      }
    },
    async resource(name) {
      const path = `/resource-${name}`;
      const own = await connection();
      const read = await own.read(path);
      return {
        now: read === null ? null : (JSON.parse(read.data) as Resource),
        async replace(by) {
          try {
            if (read === null) await own.create(path, JSON.stringify(by));
            else await own.setData(path, JSON.stringify(by), read.version);
            return true;
          } catch (error) {
            if (error instanceof ZooKeeperError && CHANGED.has(error.code)) return false;
            throw error;
          }
        },
      };
    },
  };
}

const GONE: ReadonlySet<string> = new Set(['NoNode', 'SessionExpired']);
const CHANGED: ReadonlySet<string> = new Set(['NodeExists', 'BadVersion']);
