/** Pieces of work that must follow one another share a lane; lanes run beside one another. In the order sent, within each lane. */
export function lanesOf<Item>(items: readonly Item[], laneOf: (item: Item) => string): Item[][] {
  const lanes = new Map<string, Item[]>();
  for (const item of items) {
    const lane = laneOf(item);
    const known = lanes.get(lane);
    if (known) known.push(item);
    else lanes.set(lane, [item]);
  }
  return [...lanes.values()];
}
