import { ServerClient } from './server-client.ts';

/** A client over HTTP, where each request stands for itself. */
export abstract class HttpClient extends ServerClient {
  private readonly closing = new AbortController();

  /** Ends every request that is under way when the client is closed. */
  protected get signal(): AbortSignal {
    return this.closing.signal;
  }

  async close(): Promise<void> {
    this.closing.abort();
  }
}
