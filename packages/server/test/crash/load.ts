// Tills that sell, hold, cancel and take back, and write down what they asked and what they were told.
import type { Random } from '#platform/random.ts';

export interface Asked {
  readonly method: 'POST';
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly id: string };
  /** null: nobody answered. */
  answer: Told | null;
}

export interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Connection {
  readonly url: string;
  readonly key: string;
}

export async function ask({ url, key }: Connection, method: string, path: string, body: unknown): Promise<Told> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Told['body'] };
}

class NobodyAnswered extends Error {}

export class Tills {
  readonly asked: Asked[] = [];
  readonly #connection: Connection;
  readonly #random: Random;
  readonly #phones: readonly string[];
  #isOpen = false;
  #number = 0;

  constructor(connection: Connection, options: { random: Random; phones: readonly string[] }) {
    this.#connection = connection;
    this.#random = options.random;
    this.#phones = options.phones;
  }

  /** All tills at work; ends once they were closed, or nobody answers any of them. */
  async open(count: number): Promise<void> {
    this.#isOpen = true;
    await Promise.all(Array.from({ length: count }, () => this.#till()));
  }

  close(): void {
    this.#isOpen = false;
  }

  async #till(): Promise<void> {
    while (this.#isOpen) {
      try {
        await this.#oneSale();
      } catch (error) {
        if (error instanceof NobodyAnswered) return;
        throw error;
      }
    }
  }

  async #oneSale(): Promise<void> {
    const what = this.#below(10);
    const id = `S-${(this.#number += 1)}`;
    const sale = { id, shop: 'main', member: { phone: this.#pick(this.#phones) }, lines: this.#lines() };
    if (what < 5) {
      await this.#send('/v1/checkout/confirm', what < 2 ? { ...sale, redeem: 'max' } : sale);
      if (what === 4) await this.#takeBack(id);
      return;
    }
    await this.#send('/v1/checkout/hold', { ...sale, redeem: 'max' });
    if (what < 8) await this.#send('/v1/checkout/confirm', { id, shop: 'main' });
    else if (what === 8) await this.#send('/v1/checkout/cancel', { id, shop: 'main' });
  }

  async #takeBack(id: string): Promise<void> {
    const lines = [{ line_id: '1', quantity: 1000 }];
    await this.#send('/v1/checkout/return', { id: `R-${id}`, shop: 'main', receipt: { id }, lines });
  }

  async #send(path: string, body: Asked['body']): Promise<void> {
    const asked: Asked = { method: 'POST', path, body, answer: null };
    this.asked.push(asked);
    const told = await ask(this.#connection, 'POST', path, body).catch((error: unknown) => {
      throw new NobodyAnswered('the server is gone', { cause: error });
    });
    // Like no answer it tells nothing of what was done.
    if (told.status === 503) throw new NobodyAnswered('the database is away');
    asked.answer = told;
  }

  #lines() {
    return Array.from({ length: 1 + this.#below(3) }, (_, index) => ({
      line_id: String(index + 1),
      sku: 'SOAP',
      quantity: 2000,
      sum: 10_000 + this.#below(60_000),
    }));
  }

  #below(bound: number): number {
    const [high = 0, low = 0] = this.#random.bytes(2);
    return (high * 256 + low) % bound;
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}
