// Our own rules, those that no linter knows.
import { report, repository } from './files.mjs';
import * as lists from './generated.mjs';
import { uncoveredRules, unprovenPromises } from './rules-covered.mjs';
import { folderProblems } from './tidy/folders.mjs';
import { generatedProblems } from './tidy/generated.mjs';
import { licenceProblems } from './tidy/licences.mjs';
import { linkProblems } from './tidy/links.mjs';
import { nameProblems } from './tidy/names.mjs';

report('tidy', [
  ...folderProblems(repository),
  ...nameProblems(repository),
  ...linkProblems(repository),
  ...licenceProblems(repository),
  ...uncoveredRules(repository),
  ...unprovenPromises(repository),
  ...(await generatedProblems(repository, lists)),
]);
