import type { FeedReader } from '../domain/feed.ts';
import { readCommerceMl } from './commerceml-reader.ts';
import { readCsv } from './csv-reader.ts';
import { readYml } from './yml-reader.ts';

/** Every kind of file we read. */
export const feedReader: FeedReader = {
  read: (file, options) => {
    switch (options.kind) {
      case 'yml':
        return readYml(file, options);
      case 'commerceml':
        return readCommerceMl(file, options);
      case 'csv':
        return readCsv(file, options);
    }
  },
};
