import { type Command, Option } from 'commander';
import { renderConfigTable } from '#platform/config.ts';
import { openApiDocument } from '#platform/http/openapi.ts';
import { version } from './run-server.ts';
import type { Session } from './session.ts';

/** Documents that are generated and committed: tools/generated.mjs compares. They are texts already, so --json changes nothing. */
export function registerDocuments(program: Command, session: Session): void {
  program
    .command('openapi')
    .description('print the OpenAPI 3.1 document of the HTTP API')
    .addHelpText('after', '\nExample:\n  kopilka openapi > packages/contract/openapi.json')
    .action(() => {
      const contracts = session.unconnected().routes.map((route) => route.contract);
      const document = JSON.stringify(openApiDocument(contracts, version), null, 2);
      session.out.answer(JSON.parse(document), (out) => out.line(document));
    });
  program
    .command('config-docs')
    .description('print the table of settings')
    .addOption(new Option('--language <language>', 'of the sentences').choices(['en', 'ru']).default('en'))
    .addHelpText('after', '\nExample:\n  kopilka config-docs --language ru')
    .action(({ language }: { language: 'en' | 'ru' }) => {
      const table = renderConfigTable(language);
      session.out.answer({ table }, (out) => out.line(table.trimEnd()));
    });
}
