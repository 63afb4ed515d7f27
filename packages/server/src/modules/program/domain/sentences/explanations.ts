import type { Template } from './format.ts';

/** What each code of an explanation says. Codes `unmet_<kind>` come from the kinds of conditions themselves. */
export const explanationSentences: Readonly<Record<string, Template>> = {
  shelf: { ru: 'По ценам полки: {amount|money}', en: 'At shelf prices: {amount|money}' },
  till: { ru: 'Скидка кассы: {amount|money}', en: "The till's own discount: {amount|money}" },
  law: {
    ru: 'Товар ограничен законом ({legal_class}): скидки и баллы не применяются',
    en: 'Restricted by law ({legal_class}): no discounts, no points',
  },
  no_promotions: { ru: 'Товар не участвует в акциях', en: 'The product takes part in no promotion' },
  discount: { ru: 'Скидка {amount|money}', en: '{amount|money} off' },
  printed: {
    ru: 'Скидка по напечатанному чеку: {amount|money}',
    en: 'Discount as printed by the till: {amount|money}',
  },
  printed_stands: { ru: 'Действует скидка напечатанного чека', en: 'The printed discount stands' },
  floor: {
    ru: 'Ниже предельной цены или лимита скидку дать нельзя: не хватило {missing|money}',
    en: 'A floor or ceiling kept {missing|money} of the discount',
  },
  nothing_to_take_off: {
    ru: 'Скидку дать не с чего: цена уже на пределе',
    en: 'Nothing to take off: prices are at their floor',
  },
  no_lines: { ru: 'В чеке нет товаров акции', en: 'No products of the promotion in the receipt' },
  no_gift: { ru: 'Подарок недоступен', en: 'The gift is not available' },
  not_started: { ru: 'Акция ещё не началась (с {from})', en: 'Not started yet (from {from})' },
  ended: { ru: 'Акция закончилась ({until})', en: 'Ended ({until})' },
  receipt_wide: {
    ru: 'Условие на весь чек: в карточке товара не считается',
    en: 'A condition of the whole receipt: not counted for one product',
  },
  limit_per_member: { ru: 'Участник уже использовал акцию {limit|uses}', en: 'The member has used it {limit|uses}' },
  limit_per_day: { ru: 'Сегодня акция уже использована {limit|uses}', en: 'Used {limit|uses} today' },
  limit_total: { ru: 'Лимит акции исчерпан', en: 'The limit of the promotion is used up' },
  group_taken: {
    ru: 'Уже сработала другая акция группы ({by})',
    en: 'Another promotion of the group has fired ({by})',
  },
  group_better: { ru: 'Другая акция группы выгоднее ({by})', en: 'Another promotion of the group is better ({by})' },
  group_excluded: { ru: 'Не сочетается с акцией {by}', en: 'Does not go together with {by}' },
  redeem_limit: { ru: 'Баллами можно оплатить до {rate} %', en: 'Points may pay up to {rate} %' },
  forbid_redeeming: { ru: 'Баллами оплатить нельзя', en: 'Points do not pay' },
  redeem_limit_taken: {
    ru: 'Предел оплаты баллами уже задан другой акцией',
    en: 'Another promotion has set what points may pay',
  },
  code_unknown: { ru: 'Промокод «{text}» не найден', en: 'No promo code “{text}”' },
  code_used_up: { ru: 'Промокод «{text}» уже использован', en: 'Promo code “{text}” is used up' },
  code_not_yet: { ru: 'Промокод «{text}» ещё не действует', en: 'Promo code “{text}” is not valid yet' },
  code_ended: { ru: 'Срок промокода «{text}» истёк', en: 'Promo code “{text}” has ended' },
  code_not_yours: {
    ru: 'Промокод «{text}» принадлежит другому участнику',
    en: "Promo code “{text}” is another member's",
  },
  code_too_many_tries: {
    ru: 'Слишком много неверных промокодов: попробуйте позже',
    en: 'Too many wrong promo codes: try later',
  },
  code_without_promotion: {
    ru: 'Акция промокода «{text}» не действует',
    en: 'The promotion of “{text}” is not running',
  },
  code_same_promotion: { ru: 'Промокод «{text}» — на ту же акцию', en: '“{text}” is for the same promotion' },
  code_one_per_receipt: {
    ru: 'Больше промокодов в одном чеке нельзя: «{text}»',
    en: 'No more promo codes in one receipt: “{text}”',
  },
  unmet_personal_window: { ru: 'Акция не открыта для этого участника', en: 'Not open for this member' },
  redeemed: {
    ru: 'Оплачено баллами: {points|points} (можно было {limit})',
    en: 'Paid with {points|points} (up to {limit})',
  },
  asked_too_much: {
    ru: 'Просили списать {asked|points}, можно {given|points}',
    en: 'Asked for {asked|points}, given {given|points}',
  },
  no_member: {
    ru: 'Чек без карты: баллы не начисляются и не списываются',
    en: 'No member: no points are earned or redeemed',
  },
  not_with_promo_code: {
    ru: 'Баллы не списываются вместе с промокодом',
    en: 'Points do not pay together with a promo code',
  },
  receipt_too_small: { ru: 'Сумма чека мала для оплаты баллами', en: 'The receipt is too small to pay with points' },
  nothing_redeemable: { ru: 'В чеке нечего оплатить баллами', en: 'Nothing here can be paid in points' },
  too_few_points: {
    ru: 'Списать можно не меньше чем {least|points}',
    en: 'At least {least|points} have to be redeemed',
  },
  rounded: { ru: 'Округление: −{amount|money}', en: 'Rounding: −{amount|money}' },
  no_room_to_round: {
    ru: 'Округлить нельзя: товары на предельной цене',
    en: 'Cannot be rounded: prices are at their floor',
  },
  base_points: { ru: 'Базовое начисление: {points|points}', en: 'Base earning: {points|points}' },
  promotion_points: { ru: 'Баллы по акции: {points|points}', en: 'Points of the promotion: {points|points}' },
  nothing_earned: { ru: 'Акция ничего не добавила', en: 'The promotion added nothing' },
  next_code: {
    ru: 'Промокод на следующую покупку: {promotion}',
    en: 'A promo code for the next purchase: {promotion}',
  },
  receipt_ceiling: {
    ru: 'Предел начисления за чек: снято {points|points}',
    en: 'Ceiling of a receipt: {points|points} fewer',
  },
  day_ceiling: {
    ru: 'Предел начисления за день: снято {points|points}',
    en: 'Ceiling of a day: {points|points} fewer',
  },
  earning_limit: {
    ru: 'Защита от злоупотреблений: снято {points|points}',
    en: 'Fraud limit of a day: {points|points} fewer',
  },
  term_is_over: {
    ru: 'Срок баллов акции уже прошёл: {points|points} не начислено',
    en: 'The term of these points is over: {points|points} not given',
  },
};
