"""The pages: read the request, make one call, word the answer.

One folder an area, with the area's name (`lending`, `imports`), holding views, forms and addresses.
What all pages share stands here: the frame (`templates/web/base.html`), how amounts, days and rates
are written (`formatting`), the words for codes (`wording`), who may open what (`access`), and the
languages (`languages`). No other module makes a sentence out of an amount.
"""
