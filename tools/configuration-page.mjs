// Prints docs/manual/operator/configuration(.ru).md: a heading and what `kopilka config-docs` knows.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './files.mjs';

const heads = {
  en: [
    '# Settings',
    '',
    'Generated from the code by `node tools/configuration-page.mjs en`. [По-русски](configuration.ru.md).',
    '',
    'Kopilka is set by environment variables. A variable that begins with `KOPILKA_` and is not in this table stops the start with a sentence: a typing mistake shows at once.',
    'What the loyalty program does is not set here but in the program itself.',
    '',
  ],
  ru: [
    '# Настройки',
    '',
    'Создаётся из кода командой `node tools/configuration-page.mjs ru`. [In English](configuration.md).',
    '',
    'Kopilka настраивается переменными окружения. Переменная, которая начинается с `KOPILKA_` и которой нет в таблице, останавливает запуск с объяснением: опечатка видна сразу.',
    'Что делает программа лояльности, настраивается не здесь, а в самой программе.',
    '',
  ],
};

const language = process.argv[2] === 'ru' ? 'ru' : 'en';
const command = [join(repository, 'bin/kopilka.mjs'), 'config-docs', '--language', language];
const table = execFileSync(process.execPath, command, { encoding: 'utf8' });
process.stdout.write(`${heads[language].join('\n')}\n${table.trimEnd()}\n`);
