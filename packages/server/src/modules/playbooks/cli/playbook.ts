import type { Command } from 'commander';
import { type CliContext, CliRefusal, type CliVerb } from '#platform/cli.ts';
import type { ModuleMount } from '#platform/module.ts';
import { installPlaybook, listPlaybooks, type PlaybooksDeps } from '../service/install.ts';

/** kopilka playbook list | install */
export const playbookVerb: CliVerb = {
  register: (program, context) => {
    const playbook = program.command('playbook').description('ready programs: list them, install one as the draft');
    playbook
      .command('list')
      .description('all playbooks and what they are for')
      .addHelpText('after', '\nExample:\n  kopilka playbook list')
      .action(() => list(context));
    registerInstall(playbook, context);
  },
};

function registerInstall(playbook: Command, context: CliContext): void {
  playbook
    .command('install')
    .description('make the draft of a playbook; nothing changes at the tills until it is published')
    .argument('<code>', 'the code that list shows')
    .option('--replace', 'also when there is a draft already')
    .addHelpText('after', '\nExample:\n  kopilka playbook install c-book-publisher')
    .action((code: string, options: { readonly replace?: boolean }) =>
      install(context, code, options.replace ?? false),
    );
}

function list(context: CliContext): void {
  const items = listPlaybooks().map(({ code, title, about }) => ({ code, title, about }));
  context.out.answer(items, (out) =>
    out.table(
      ['code', 'title'],
      items.map(({ code, title }) => [code, `${title.ru} / ${title.en}`]),
    ),
  );
}

async function install(context: CliContext, code: string, replace: boolean): Promise<void> {
  const deps = await depsOf(context);
  const now = (await context.foundation()).clock.now();
  const installed = await installPlaybook(deps, { code, replace, caller: context.caller, now });
  if (!installed.ok) throw new CliRefusal(installed.refusal, sentences[installed.refusal.code]);
  const { draft, problems } = installed.value;
  context.out.answer({ playbook: code, revision: draft.revision, problems }, (out) => {
    out.line(`The draft is now ${code} (revision ${draft.revision}). Nothing is published.`);
    for (const problem of problems) out.line(`${problem.severity} ${problem.path}: ${problem.message.en}`);
  });
}

const sentences = {
  playbook_not_found: 'There is no such playbook: see kopilka playbook list',
  draft_exists: 'There is a draft already: publish it, or add --replace to lose it',
} as const;

async function depsOf(context: CliContext): Promise<PlaybooksDeps> {
  const mount = (await context.modules()).find(isPlaybooks);
  if (!mount) throw new Error('the module playbooks is not mounted');
  return mount.deps;
}

function isPlaybooks(module: ModuleMount): module is ModuleMount & { readonly deps: PlaybooksDeps } {
  return module.name === 'playbooks' && 'deps' in module;
}
