"""The vocabulary of a generated workspace: names, phrases and bodies with all the markup of HTML mail."""

from simulator.dice import Dice

FIRST_NAMES = [
    "Ada",
    "Amara",
    "Björn",
    "Camille",
    "Chidi",
    "Dara",
    "Elif",
    "Fatima",
    "Grace",
    "Hana",
    "Ivan",
    "João",
    "Kenji",
    "Léa",
    "Mateo",
    "Nadia",
    "Noor",
    "Olga",
    "Priya",
    "Quinn",
    "Ravi",
    "Sofía",
    "Tariq",
    "Uma",
    "Víctor",
    "Wei",
    "Ximena",
    "Yara",
    "Zoë",
    "Łukasz",
]
LAST_NAMES = [
    "Abebe",
    "Andersson",
    "Brown",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalski",
    "Li",
    "Müller",
    "Nakamura",
    "O'Brien",
    "Petrov",
    "Quispe",
    "Rossi",
    "Silva",
    "Tanaka",
    "Ünal",
    "Vargas",
    "Wang",
    "Yilmaz-Öz",
    "Zhang",
]
COMPANY_NAMES = [
    "Acme",
    "Borealis",
    "Cobalt",
    "Delta",
    "Evergreen",
    "Fjord",
    "Granite",
    "Harbor",
    "Indigo",
    "Juniper",
    "Kestrel",
    "Lumen",
    "Meridian",
    "Nimbus",
]
COMPANY_KINDS = [
    "Labs",
    "GmbH",
    "Ltd.",
    "Studio",
    "&",
    "Söhne",
    "Logistics",
    "Health",
    "Analytics",
    "Bikes",
    "Foods",
    "S.A.",
    "株式会社",
]
DOMAINS = ["example.com", "example.org", "example.net", "mail.example.com", "corp.example.com"]
CITIES = (
    ("United States", "California", "San Francisco", "USA", "NA"),
    ("Ireland", "Leinster", "Dublin", "IRL", "EU"),
    ("Germany", "Berlin", "Berlin", "DEU", "EU"),
    ("Brazil", "São Paulo", "São Paulo", "BRA", "SA"),
    ("Japan", "Tokyo", "Tokyo", "JPN", "AS"),
    ("New Zealand", "Auckland", "Auckland", "NZL", "OC"),
)
BROWSERS = ("chrome", "firefox", "safari", "edge")
LANGUAGES = ("en", "de", "fr", "ja", "pt-BR", "tr")
SYSTEMS = ("Windows 11", "OS X 14.1", "Linux", "iOS 17.2", "Android 14")
TOPICS = (
    "the invoice of last month",
    "our webhook &amp; retries",
    "login with SSO 🔐",
    "exporting all rows to CSV",
    "a refund for order <b>#%d</b>",
    'the <a href="https://example.com/docs?a=1&amp;b=2">API docs</a>',
    "the mobile app crashing 💥",
    "changing the plan to \u201cPro\u201d",
    "データのインポート",
    "la facturation 🇫🇷",
    "two-factor codes that never arrive",
)
QUESTIONS = (
    "<p>Hi, I have a question about {topic}?</p>",
    '<p>Hello team 👋</p>\n<p>Can you help me with {topic}?</p><p class="no-margin"><br></p><p>Thanks!</p>',
    "<p>{topic} does not work since this morning.</p>",
    "<p>Any news on {topic}?</p>",
    '<div class="intercom-container"><img src="https://downloads.example.com/i/o/%d/screenshot.png"></div>',
    "<p>URGENT!!! {topic} 😡😡</p>",
    "<p>Thank you, that solved it 🎉</p>",
    "<p>ok</p>",
)
ANSWERS = (
    "<p>Thanks for reaching out! I am looking into {topic} now.</p>",
    "<p>Hi there,</p><ul><li>please sign out</li><li>clear the cache</li></ul><p>Does it work?</p>",
    "<p>I have passed {topic} on to our engineers and will come back to you.</p>",
    "<p>This is fixed now ✅ — let me know if you see it again.</p>",
    "<p>Could you send a screenshot, please?</p>",
)
NOTES = (
    "<p>Customer called about {topic}, see the log.</p>",
    "<p>@Dara can you have a look?</p><pre><code>SELECT * FROM t WHERE a &lt; 3;</code></pre>",
    "<p>VIP ⭐, renewal next month</p>",
)
CALL_SUMMARIES = (
    "<p>Call of 4 minutes: asked about {topic}, will send a screenshot.</p>",
    "<p>Missed call, voicemail about {topic}.</p>",
)
BOT_ANSWERS = (
    "<p>Hi, I am Fin, the AI agent. Here is what I found about {topic}.</p>",
    "<p>You can reset it under <b>Settings → Security</b>. Did that answer your question?</p>",
    "<p>I will connect you with the team.</p>",
)
REMARKS = ("Great support!", "Too slow 🐌", "Solved, but I had to ask twice", "👍", 'Never again "…"', "", None)
SUBJECTS = ("", "<p>Invoice question</p>", "<p>Re: your order</p>", "", "<p>Onboarding &amp; setup</p>")


def person_name(dice: Dice) -> str:
    """Pick words for a person: a first and a last name."""
    return f"{dice.pick(FIRST_NAMES)} {dice.pick(LAST_NAMES)}"


def body(dice: Dice, templates: tuple[str, ...]) -> str:
    """Make an HTML body of the generator's words; numbers in it vary, so that bodies are not all alike."""
    text = dice.pick(templates).replace("{topic}", dice.pick(TOPICS))
    return text.replace("%d", str(dice.within(1_000, 999_999)))
