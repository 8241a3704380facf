"""Closed lists of words that mean the same, the contrary, or only make a sentence run."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


COMMON = _listed(
    "according analysts authorities businesses chips clients companies consumers critics customers data "
    "demand developers employees engineers experts firms governments growth hackers investors jobs "
    "lawmakers management models officials operators owners police prices production profit profits "
    "programmers regulators reporters researchers revenue sales scientists shares software staff startups "
    "students teams users workers despite instead meanwhile roughly about nearly almost around overall "
    "both another several many much such under within earlier later recently today now then also still "
    "even just only over up down out off together"
)
"""English words that may begin a sentence, and so have a capital without being names."""

_SYNONYMS = (
    "say says said state states stated report reports reported announce announces announced tell told explain explains "
    "explained note notes noted add adds added write writes wrote confirm confirms confirmed declare declared disclose "
    "disclosed reveal reveals revealed mention mentioned according statement announcement",
    "raise raises raised secure secures secured collect collected get gets got receive receives received take takes "
    "took obtain obtained funding gave give gives",
    "buy buys bought buying acquire acquires acquired acquiring acquisition purchase purchases purchased takeover deal",
    "launch launches launched release releases released introduce introduces introduced unveil unveils unveiled "
    "present presents presented debut debuted publish published publishes ship ships shipped announce announced open "
    "opens opened",
    "cut cuts reduce reduces reduced lower lowers lowered decrease decreased fewer less shrink shrank slash slashed",
    "grow grows grew grown increase increases increased rise rises rose risen climb climbed jump jumped gain gained "
    "up higher growth raise raised",
    "fall falls fell fallen drop drops dropped decline declines declined decrease decreased down lower sank",
    "plan plans planned intend intends intended aim aims aimed want wants wanted seek seeks sought expect expects "
    "expected hope hopes hoped",
    "company firm business startup group maker concern corporation",
    "people employees staff workers persons",
    "cost costs price prices priced charge charges",
    "make makes made build builds built produce produces produced create creates created develop develops developed",
    "use uses used using employ employs employed",
    "start starts started begin begins began begun",
    "stop stops stopped halt halts halted end ends ended cease ceased",
    "roughly about approximately around nearly almost some",
    "chief head ceo boss executive leader director",
    "sue sues sued lawsuit complaint filed",
    "show shows showed shown find finds found demonstrate demonstrated",
    "work works worked operate operates operated run runs ran",
    "customers clients users buyers",
    "researchers scientists authors team",
    "worth valued value valuation",
    "dollars dollar usd $ euros euro yuan money",
    "win wins won awarded award",
    "lead leads led leading",
    "need needs needed require requires required must",
    "help helps helped support supports supported",
    "allow allows allowed let lets permit permits permitted enable enables enabled",
    "hire hires hired recruit recruits recruited jobs",
    "large larger largest big bigger biggest",
    "sell sells sold selling sale sales",
    "pay pays paid spend spends spent payment",
    "leave leaves left depart departs departed quit resign resigned",
    "last lasts lasted took duration",
    "hit affect affects affected impacted",
    "first initially",
    "attack attacked attacks breach breached hack hacked",
)
_MEANINGS = {
    word: frozenset(number for number, line in enumerate(_SYNONYMS) if word in line.split())
    for word in " ".join(_SYNONYMS).split()
}
_NONE: frozenset[int] = frozenset()

_CONTRARIES = (
    ("rise rises rose risen increase increases increased grow grows grew grown climbed gained up higher",
     "fall falls fell fallen drop drops dropped decline declines declined decrease decreased shrank down lower"),
    ("win wins won", "lose loses lost"),
    ("gain gains gained", "lose loses lost"),
    ("profit profits profitable", "loss losses unprofitable"),
    ("buy buys bought acquire acquires acquired", "sell sells sold"),
    ("accept accepts accepted approve approves approved allow allows allowed permit permits permitted",
     "reject rejects rejected refuse refuses refused deny denied ban bans banned block blocks blocked"),
    ("confirm confirms confirmed admit admits admitted", "deny denies denied dispute disputed"),
    ("start starts started begin begins began begun launch launched resume resumes resumed open opens opened",
     "stop stops stopped halt halts halted end ends ended pause paused suspend suspended close closes closed shut"),
    ("join joins joined hire hires hired appoint appointed", "leave leaves left fire fired quit resign resigned"),
    ("support supports supported back backs backed", "oppose opposes opposed reject rejects rejected"),
    ("faster fastest quicker", "slower slowest"),
    ("cheaper cheapest lower less fewer", "dearer costlier expensive higher more"),
    ("before", "after"),
    ("above exceeds exceeded exceed", "below under"),
    ("largest biggest highest most", "smallest lowest least"),
    ("success succeeds succeeded passed", "failure fails failed"),
    ("open", "closed proprietary"),
    ("public", "private"),
)  # fmt: skip
CONTRARIES = tuple((frozenset(one.split()), frozenset(other.split())) for one, other in _CONTRARIES)

CONTRARIES_CJK = (
    ("上涨|上升|增长|增加|提高|上调|涨", "下跌|下降|减少|降低|下调|跌"),
    ("收购|买下", "出售|卖出"),
    ("盈利", "亏损"),
    ("批准|允许|通过", "拒绝|禁止|否决|驳回"),
    ("证实|承认", "否认"),
    ("开始|启动|恢复|上线", "停止|暂停|关闭|终止|下线"),
    ("加入|聘请|任命", "离开|离职|辞职|解雇"),
    ("支持", "反对"),
    ("胜诉|获胜|赢", "败诉|落败|输"),
    ("高于|超过", "低于|不足"),
    ("更快", "更慢"),
    ("首次|第一", "再次|第二"),
    ("最大|最高|最多", "最小|最低|最少"),
    ("之前", "之后"),
)  # fmt: skip

EXTREMES = _listed(
    "first last only all every none never always largest biggest highest smallest lowest fastest cheapest "
    "most least record unprecedented entire whole entirely completely worldwide global sole unique best "
    "worst"
)
"""Words that a sentence may not add to its quote."""
EXTREMES_CJK = ("首次", "首个", "唯一", "全部", "所有", "最大", "最高", "最低", "最快", "史上", "全球", "第一")

COMMON_CJK = _listed(
    "宣布 表示 称 指出 介绍 透露 报道 消息 据悉 据 公布 发布 推出 上线 开源 宣称 说 认为 "
    "强调 获得 获 完成 拿下 融资 投资 资金 公司 企业 机构 团队 该公司 今天 昨天 日前 近日 "
    "目前 此次 这次 本次 该 其 这 那 已 已经 将 会 可 可以 能 能够 正在 正式 全新 新 "
    "旗下 方面 同时 此外 并 并且 以及 和 与 及 或 但 而 也 还 又 都 就 由 被 把 向 "
    "对 从 在 于 为 是 有 到 至 的 了 着 过 地 得 个 名 家 款 项 种 位 年 月 日 "
    "元 美元 欧元 约 约为 大约 近 超 超过 达 达到 共 总 总计 总额 合计 仅 只 只有 用于 "
    "包括 其中 通过 根据 按照 因 因为 由于 所以 因此 使 使得 让 令 以 用 进行 实现 开始 "
    "启动 计划 预计 打算 准备 拟 有望 预期 可能 或将 需 需要 必须 应 应该 不 没 没有 未 "
    "未能 无 并未 并非 否认 增长 增加 提高 提升 上涨 上升 下降 减少 降低 下跌 高 低 大 "
    "小 多 少 更 更高 更低 最 很 非常 比 比较 相比 较 倍 翻 首次 首个 首款 首家 时 "
    "时候 期间 后 之后 前 之前 当时 以来 起 期 内 中 里 上 下 间 人 用户 客户 员工 "
    "研究 人员 工程师 研究者 产品 模型 系统 平台 服务 技术 数据 市场 价格 售价 定价 费用 "
    "成本 收入 营收 销售 销售额 利润 订单 交易 收购 出售 买下 合作 协议 签署 领投 投资方 "
    "跟投 投资者 估值 支持 提供 采用 使用 建设 建成 建立 设立 成立 研发 开发 生产 量产 "
    "交付 出货 面向 开放 免费 更新 升级 版本 功能 性能 速度 显示 发现 认定 意味着 影响 "
    "受到 造成 导致 引发 问题 事故 故障 中断 恢复 持续 历时 攻击 漏洞 修复 起诉 诉讼 法院 "
    "裁定 判决 政府 监管 规定 法案 要求 禁止 允许 批准 任命 担任 出任 离职 加入 负责 "
    "负责人 首席 执行官 创始人 总裁 董事长 副总裁 表明"
)
"""Chinese words that a sentence may use where its quote says the same otherwise: none names anybody."""

NEGATIONS = _listed(
    "not no never none neither nor without cannot can't won't don't doesn't didn't isn't aren't wasn't "
    "weren't hasn't haven't hadn't wouldn't couldn't shouldn't n't deny denies denied refuse refuses "
    "refused fail fails failed lack lacks lacked unable nicht kein keine keinen keiner nie niet geen"
)
NEGATIONS_CJK = ("没有", "并未", "并不", "未能", "不", "没", "未", "无", "非", "否认", "拒绝")
NOT_NEGATIONS_CJK = (
    "不仅",
    "不但",
    "不少",
    "不断",
    "不同",
    "不久",
    "不过",
    "不足",
    "不只",
    "无论",
    "无人",
    "非常",
    "无线",
    "未来",
    "并非常",
    "除非",
    "南非",
    "非洲",
    "不得不",
    "不止",
    "不管",
    "不错",
)

TO_COME = r"\b(?:set|due|slated|going|about|ready|scheduled|poised|expected) to\b"
"""Phrases that mean "will", whose words alone do not."""
AHEAD = _listed(
    "will shall would plan plans planned planning intend intends intended intending aim aims aimed aiming "
    "expect expects expected expecting hope hopes hoped hoping seek seeks sought want wants wanted "
    "propose proposes proposed promise promises promised pledge pledges pledged agree agreed agrees "
    "consider considers considering prepares preparing wird werden soll sollen plant planen möchte zal "
    "zullen predict predicts predicted try tries trying tried attempt attempts attempted"
)
PLANS = _listed("will shall plan plans planned planning intend intends intended aim aims aimed hopes")
"""Of these, what a sentence may not add to a statement of fact."""
MAYBE = _listed(
    "may might could possibly perhaps likely probably reportedly allegedly alleged alleges rumored "
    "rumoured apparently potentially potential suspected suspect unconfirmed könnte könnten "
    "möglicherweise angeblich offenbar mogelijk if whether talks negotiating negotiations"
)
DOUBTS = _listed("may might possibly perhaps reportedly allegedly alleged")
"""Of these, what a sentence may not add to a statement of fact."""
AHEAD_CJK = ("将", "预计", "计划", "拟", "打算", "有望", "预期", "即将", "力争")
MAYBE_CJK = ("可能", "或将", "或许", "据传", "传闻", "疑似", "涉嫌", "据称", "有消息称", "如果", "洽谈", "谈判")

STOPS = _listed(
    "stop stops stopped stopping halt halts halted ban bans banned exempt block blocked cancel canceled cancelled "
    "reject rejected"
)
"""Words of a quote that a sentence may say with a "not" or a "no"."""
COMING = _listed(
    "agreement agreements proposal bid offer offers order orders next deadline upcoming until talks draft plan becomes "
    "would should must to"
)
"""Words of a quote that a sentence may say with a "will"."""
ACTS = _listed(
    "sue sues sued buy buys bought acquire acquires acquired purchase purchases purchased hire hires hired appoint "
    "appoints appointed accuse accuses accused beat beats overtake overtakes overtook fund funds funded back backs "
    "backed fine fines fined block blocks blocked reject rejects rejected approve approves approved criticize "
    "criticizes criticized criticise criticised attack attacks attacked hack hacks hacked replace replaces replaced "
    "license licenses licensed supply supplies supplied pay pays paid sell sells sold own owns owned join joins joined "
    "outperform outperforms outperformed poach poaches poached fire fires fired ban bans banned lead leads led owe owes"
)
"""What one does to another, so that their order matters."""


def meanings(word: str) -> frozenset[int]:
    """Return the numbers of the groups of words that mean about the same to which *word* (folded) belongs."""
    return _MEANINGS.get(word, _NONE)
