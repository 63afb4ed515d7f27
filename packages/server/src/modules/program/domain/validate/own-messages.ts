/** Russian for the messages that our schemas bring along; zod's own have its Russian locale. */
export const ownMessages: Readonly<Record<string, string>> = {
  'latin small letters, digits, _ and -, at most 63': 'строчные латинские буквы, цифры, _ и -, не больше 63',
  'a percent as text with at most four decimals, such as "5" or "12.5"':
    'процент текстом, не больше четырёх знаков после точки: "5" или "12.5"',
  'a date such as "2026-12-18", or a day of every year such as "12-18"':
    'дата "2026-12-18" или день каждого года "12-18"',
  'a time such as "10:00"': 'время: "10:00"',
  'money_paid, receipts, reviews, quizzes or counter:<code>':
    'money_paid, receipts, reviews, quizzes или counter:<код>',
  'a number as text with at most two decimals, such as "2" or "1.5"':
    'число текстом, не больше двух знаков после точки: "2" или "1.5"',
  'more than 1': 'больше 1',
};
