import type { Redis } from 'ioredis';
import type { Completion, Invocation } from '../../../../world/client.ts';
import type { NodeSite, ServerClientContext } from '../../../../world/process-deployment.ts';
import { type Attempt, ServerClient } from '../server-client.ts';
import { REDIS_ERRORS } from './errors.ts';

/** How long `WAIT` waits for the replicas (ms). */
const WAIT_TIMEOUT = 1_000;

/** What was never written counts as null. */
const COMPARE_AND_SET =
  "if (redis.call('get', KEYS[1]) or 'null') == ARGV[1] then redis.call('set', KEYS[1], ARGV[2]) return 1 else return 0 end";

/** Finds the server that has a key, among many. */
export interface Locator {
  /** An open connection to the server that has the key, as the node at hand sees it. */
  locate(node: NodeSite, key: string): Promise<Redis>;
  /** Something went wrong on a connection: it is not to be used again. */
  forget(redis: Redis): void;
  close(): void;
}

export interface RedisClientOptions {
  /** How many replicas must have a write before it counts as acknowledged (`WAIT`). */
  readonly wait: number;
  /** Keys over which the set is spread, so that it lies on several servers. */
  readonly parts: number;
}

/** Registers and a set in Redis. A command is sent once, to the server that the node at hand names. */
export class RedisClient extends ServerClient {
  private readonly locator: Locator;
  private readonly options: RedisClientOptions;

  constructor(context: ServerClientContext, locator: Locator, options: RedisClientOptions) {
    super(context, REDIS_ERRORS);
    this.locator = locator;
    this.options = options;
  }

  async close(): Promise<void> {
    this.locator.close();
  }

  protected async perform({ f, key, value }: Invocation, attempt: Attempt): Promise<Completion> {
    const register = `register/${key}`;
    switch (f) {
      case 'read':
        return { type: 'ok', value: key === undefined ? await this.readSet() : await this.read(register) };
      case 'write':
        return this.change(register, attempt, (redis) => redis.set(register, JSON.stringify(value)));
      case 'cas': {
        const [from, to] = (value as readonly unknown[]).map((each) => JSON.stringify(each));
        return this.change(register, attempt, async (redis) => {
          const done = await redis.eval(COMPARE_AND_SET, 1, register, from!, to!);
          return done === 1 ? 'done' : 'mismatch';
        });
      }
      case 'add': {
        const part = `set/${(value as number) % this.options.parts}`;
        return this.change(part, attempt, (redis) => redis.sadd(part, String(value)));
      }
      default:
        throw new Error(`Redis does not serve ${f}`);
    }
  }

  private async read(key: string): Promise<unknown> {
    const text = await this.at(key, (redis) => redis.get(key));
    return text === null ? null : JSON.parse(text);
  }

  private async readSet(): Promise<number[]> {
    const elements: string[] = [];
    for (let part = 0; part < this.options.parts; part++) {
      const key = `set/${part}`;
      elements.push(...(await this.at(key, (redis) => redis.smembers(key))));
    }
    return elements.map(Number);
  }

  /** Writes, and waits for as many replicas as was asked for. */
  private change(
    key: string,
    attempt: Attempt,
    write: (redis: Redis) => Promise<unknown>,
  ): Promise<Completion> {
    const { wait } = this.options;
    return this.at(key, async (redis): Promise<Completion> => {
      attempt.changes = true;
      if ((await write(redis)) === 'mismatch') return { type: 'fail', error: 'mismatch' };
      if (wait === 0 || (await redis.wait(wait, WAIT_TIMEOUT)) >= wait) return { type: 'ok' };
      return { type: 'info', error: 'too-few-replicas' };
    });
  }

  private async at<T>(key: string, command: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = await this.locator.locate(this.node, key);
    try {
      return await command(redis);
    } catch (error) {
      this.locator.forget(redis);
      throw error;
    }
  }
}
