"""One invented happening, told in three languages."""

from datetime import timedelta

from bot.model.article import Article
from tests.builders import MONDAY, an_article

TITLE = "Ostra Systems opens second battery plant in Kiruna"
TEXT = """KIRUNA (Tarn Wire) - Ostra Systems on Monday opened a second battery plant in the north of Sweden that can make cells for 90,000 cars a year, and lowered the price of its storage units by 12 percent.

The plant in Kiruna employs 640 people. That makes it the first in the country to recycle its own waste water.

"We wanted to be close to the ore," Solvig Marsh told reporters.

The old line in Luleå made 31,000 packs last year, and half of them went to ferries. Ostra was founded in Kiruna in 2019 by two mining engineers. In May 2024 Ostra raised $400 million from Tarn Capital and two pension funds.

Marsh said the company plans to hire 200 more engineers by the end of 2027. She declined to name customers.

Electricity costs in the region are a third of those in Germany, according to the grid operator.

Sign up for the Tarn Wire morning newsletter: five facts before breakfast."""  # noqa: E501
GERMAN = an_article(
    "Ostra eröffnet zweites Batteriewerk in Kiruna",
    source="bruecke",
    language="de",
    published_at=MONDAY + timedelta(hours=8),
    text="Der Hersteller Ostra hat in Kiruna ein zweites Batteriewerk eröffnet. Das Werk beschäftigt 640 Menschen. "
    "Damit ist es das größte Batteriewerk in Nordschweden. Bis Ende 2027 will Ostra 200 weitere Ingenieure einstellen.",
)
CHINESE = an_article(
    "Ostra 在基律纳启用第二座电池工厂",
    source="qingyu",
    language="zh",
    published_at=MONDAY + timedelta(hours=9),
    text="瑞典电池厂商 Ostra 周一在基律纳启用第二座电池工厂，年产能可满足 9 万辆汽车，员工 640 人。"
    "这是当地首家能够回收自身废水的工厂。"
    "公司负责人索尔维格·马什预计，到2027年底将再招聘 200 名工程师。责任编辑：林夏",
)


def told() -> Article:
    return an_article(TITLE, source="tarn", text=TEXT)
