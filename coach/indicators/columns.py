"""What exports call their columns, in the form of ``key_of``; the first that is there is taken."""

DAY = (
    "date", "day", "week", "month", "period", "as of", "week of", "week starting", "close date",
    "closed date", "closed on", "date closed", "closedate", "won date", "reporting date",
)  # fmt: skip
GOAL = ("goal", "indicator", "metric", "kpi", "measure")
VALUE = ("value", "number", "actual", "result", "total", "figure", "count", "amount")
STAGE = (
    "stage", "deal stage", "dealstage", "stage name", "stagename", "opportunity stage",
    "deal status", "status",
)  # fmt: skip
RECORD = (
    "opportunity id", "deal id", "record id", "id", "hs object id", "opportunity name",
    "deal name", "deal", "opportunity", "name",
)  # fmt: skip
AMOUNT = ("amount", "deal amount", "deal value", "opportunity amount", "value", "revenue")
#: Stages of a deal that count.
WON = ("won", "closed won", "closedwon", "closed and won", "deal won")
