"""A small rulebook of the tests, with its own facts."""

# ruff: noqa: E501 (rows of data)

SMALL = """
facts:
  誕生年月日: {of: person, sort: date, ja: 生まれた日, en: Born}
  働いている: {of: person, ja: 働いていますか, en: Working?}
  手帳: {of: person, sort: choice, options: [無, 一級, 二級], ja: 手帳は, en: Certificate?}
  収入: {of: person, sort: range, range: [0, 100000000], ja: 収入は, en: Income?, typical: [0, 2000000]}
  都内: {of: household, ja: 都内ですか, en: In Tokyo?}
parameters:
  限度: {article: 試験法第3条, values: {2020-04-01: 1000000, 2024-04-01: 2000000}}
values:
  年齢: {of: person, article: 試験法第1条, is: {age: 誕生年月日}}
programmes:
  見本手当:
    ja: 見本手当
    en: Sample Allowance
    law: 試験法
    from: 2020-04-01
    until: 2030-03-31
    conditions:
      - {id: 都内, ja: 都内に住んでいる, en: You live in Tokyo, article: 試験法第2条, when: 都内}
      - {id: 所得, ja: 収入が限度以下である, en: The income is low, article: 試験法第3条, when: {at_most: [{highest: {value: 収入}}, {param: 限度}]}}
    exceptions:
      - {id: 働く子, ja: 働いている子がいる, en: A child works, article: 試験法第4条, when: {some: {who: 子, that: 働いている}}}
    amount: {article: 試験法第5条, is: {times: [{count: {who: 子}}, 5000]}}
    examples:
      - {name: 一人, day: 2024-05-01, household: {都内: true, 親: [{収入: 0}], 子: [{収入: 0, 働いている: false}]}, expect: {result: 対象, amount: 5000}}
"""
