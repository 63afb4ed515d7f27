/** Who: a tree of and, or, not over questions about a member. What a question means belongs to its field. */
export type Rule<Question> =
  | { readonly kind: 'all'; readonly rules: readonly Rule<Question>[] }
  | { readonly kind: 'any'; readonly rules: readonly Rule<Question>[] }
  | { readonly kind: 'not'; readonly rule: Rule<Question> }
  | { readonly kind: 'field'; readonly question: Question };

export interface RuleProblem {
  /** A JSON pointer into the rule, such as /all/0/at_least. */
  readonly path: string;
  readonly message: string;
}

export type RuleReading<Question> =
  | { readonly ok: true; readonly rule: Rule<Question> }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/** Deeper or larger trees nobody reads, and no database plans well. */
const depthMax = 8;
const questionsMax = 100;

export interface QuestionReader<Question> {
  /** Reads `{ "field": code, … }` without its `field`. */
  read(
    code: string,
    args: Readonly<Record<string, unknown>>,
  ): Question | { readonly problems: readonly { path: readonly (string | number)[]; message: string }[] };
}

/** Understands the JSON of a rule: `{"all": […]}`, `{"any": […]}`, `{"not": …}`, `{"field": "balance", "at_least": 30}`. Every problem with its path. */
export function readRule<Question extends object>(
  json: unknown,
  reader: QuestionReader<Question>,
): RuleReading<Question> {
  const problems: RuleProblem[] = [];
  const counted = { questions: 0 };
  const rule = readNode(json, { reader, problems, counted, path: '', depth: 1 });
  if (counted.questions > questionsMax) problems.push({ path: '', message: `at most ${questionsMax} questions` });
  return rule !== null && problems.length === 0 ? { ok: true, rule } : { ok: false, problems };
}

interface Reading<Question> {
  readonly reader: QuestionReader<Question>;
  readonly problems: RuleProblem[];
  readonly counted: { questions: number };
  readonly path: string;
  readonly depth: number;
}

function readNode<Question extends object>(json: unknown, reading: Reading<Question>): Rule<Question> | null {
  const say = (message: string, path = reading.path): null => {
    reading.problems.push({ path, message });
    return null;
  };
  if (reading.depth > depthMax) return say(`at most ${depthMax} levels deep`);
  if (!isObject(json)) return say('a rule is an object with all, any, not or field');
  const deeper = (part: string): Reading<Question> => ({
    ...reading,
    path: `${reading.path}/${part}`,
    depth: reading.depth + 1,
  });
  if (typeof json['field'] === 'string') return readQuestion(json['field'], json, reading);
  const keys = Object.keys(json);
  const [key] = keys;
  if (keys.length !== 1 || key === undefined) return say('a rule has exactly one of all, any, not, or a field');
  const inner = json[key];
  if (key === 'not') {
    const rule = readNode(inner, deeper('not'));
    return rule && { kind: 'not', rule };
  }
  if (key !== 'all' && key !== 'any') return say(`unknown word: ${key}`, `${reading.path}/${key}`);
  if (!Array.isArray(inner) || inner.length === 0) return say('a list of at least one rule', `${reading.path}/${key}`);
  const rules = inner.map((part: unknown, index) => readNode(part, deeper(`${key}/${index}`)));
  const good = rules.filter((rule) => rule !== null);
  return good.length === rules.length ? { kind: key, rules: good } : null;
}

function readQuestion<Question extends object>(
  code: string,
  json: Readonly<Record<string, unknown>>,
  reading: Reading<Question>,
): Rule<Question> | null {
  reading.counted.questions += 1;
  const { field: _field, ...args } = json;
  const question = reading.reader.read(code, args);
  if (!('problems' in question)) return { kind: 'field', question };
  for (const problem of question.problems) {
    const path = [reading.path, ...problem.path.map(String)].join('/');
    reading.problems.push({ path, message: problem.message });
  }
  return null;
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Walks the tree with an answer for each question. */
export function evaluate<Question>(rule: Rule<Question>, answer: (question: Question) => boolean): boolean {
  switch (rule.kind) {
    case 'all':
      return rule.rules.every((part) => evaluate(part, answer));
    case 'any':
      return rule.rules.some((part) => evaluate(part, answer));
    case 'not':
      return !evaluate(rule.rule, answer);
    case 'field':
      return answer(rule.question);
  }
}

/** The same walk as text: a boolean expression out of each question's own. Questions are never null, so NOT means not. */
export function expression<Question>(rule: Rule<Question>, phrase: (question: Question) => string): string {
  switch (rule.kind) {
    case 'all':
      return `(${rule.rules.map((part) => expression(part, phrase)).join(' and ')})`;
    case 'any':
      return `(${rule.rules.map((part) => expression(part, phrase)).join(' or ')})`;
    case 'not':
      return `(not ${expression(rule.rule, phrase)})`;
    case 'field':
      return `(${phrase(rule.question)})`;
  }
}
