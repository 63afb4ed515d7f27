/**
 * A map that is never changed: what changed lately lies in a thin layer on top of a thick one (null: gone), so that a new version of
 * 200,000 products costs what changed and not what there is. The top is folded in when it has grown to a tenth.
 */
export interface Layers<Value> {
  readonly base: ReadonlyMap<string, Value>;
  readonly top: ReadonlyMap<string, Value | null>;
}

const topMin = 2_000;

export function layersOf<Value>(base: ReadonlyMap<string, Value>): Layers<Value> {
  return { base, top: new Map() };
}

export function lookUp<Value>(layers: Layers<Value>, key: string): Value | null {
  const found = layers.top.get(key);
  return found === undefined ? (layers.base.get(key) ?? null) : found;
}

export function withLayer<Value>(layers: Layers<Value>, changes: ReadonlyMap<string, Value | null>): Layers<Value> {
  if (changes.size === 0) return layers;
  const top = new Map([...layers.top, ...changes]);
  if (top.size <= Math.max(topMin, layers.base.size / 10)) return { base: layers.base, top };
  const base = new Map(layers.base);
  for (const [key, value] of top) {
    if (value === null) base.delete(key);
    else base.set(key, value);
  }
  return layersOf(base);
}
