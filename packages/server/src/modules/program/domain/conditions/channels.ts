import { z } from 'zod';
import { channel, field } from '../document/pieces.ts';
import { conditionKind } from '../rule-kind.ts';

export const channels = conditionKind({
  code: 'channels',
  label: { ru: 'Каналы продаж', en: 'Channels of sale' },
  schema: z.strictObject({
    kind: z.literal('channels'),
    channels: field(z.array(channel).min(1), { ru: 'Каналы продаж', en: 'Channels of sale', widget: 'channels' }),
  }),
  prepare: (args) => ({
    reach: 'scene',
    args: { channels: args.channels.join(', ') },
    holds: ({ shop }) => args.channels.includes(shop.channel),
  }),
  sentence: { ru: 'каналы: {channels}', en: 'channels: {channels}' },
  unmet: { ru: 'акция идёт в других каналах ({channels})', en: 'runs in other channels ({channels})' },
});
