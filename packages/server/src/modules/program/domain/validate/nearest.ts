const distanceMax = 4;

/** The known name closest to a mistyped one; null when none is close. */
export function nearest(name: string, known: Iterable<string>): string | null {
  let found: string | null = null;
  let least = distanceMax + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < least) {
      found = candidate;
      least = distance;
    }
  }
  return found;
}

/** Levenshtein's; names are short and lists too. */
function editDistance(first: string, second: string): number {
  let row = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (let i = 1; i <= first.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= second.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (first[i - 1] === second[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[second.length] ?? 0;
}
