// Names, places, numbers and topics that templates are filled with; attacks and innocent texts share them, so that none
// of them tells one from the other.
import type { Lists } from "./grammar.ts";

export const WORDS: Lists = {
  first: ["Anna", "Marcus", "Priya", "Chen", "Olga", "David", "Fatima", "Tom", "Lucía", "Kwame", "Ingrid", "Yusuf", "Sarah", "Mateo", "Hannah", "Igor", "Amélie", "Noah", "Aiko", "Pedro", "Emily", "Raj", "Zoe", "Liam", "Nadia", "Jonas", "Grace", "Omar", "Elena", "Victor"],
  last: ["Miller", "Okafor", "Sanchez", "Novak", "Kim", "Petrov", "Rossi", "Schmidt", "Haddad", "Larsen", "Dubois", "Tanaka", "Singh", "Brown", "Costa", "Weber", "Ahmed", "Clarke", "Jensen", "Moreau"],
  person: ["{first} {last}", "{first}", "Dr. {last}", "Ms. {last}", "Mr. {last}"],
  company: ["Northwind", "Acme Corp", "Globex", "Bluebird Travel", "Helios Energy", "Fabrikam", "Riverside Clinic", "Orchard Bank", "Contoso", "Pinewood Logistics", "Vertex Labs", "Umbra Media", "Sunrise Foods", "Delta Insurance"],
  host: ["[cdn|files|login|secure|docs|api|portal|mail|update|verify|track|collect|data|support]-[sync|relay|check|drop|hub|node|box|desk|link|gate].[com|net|io|org|xyz|dev|info|example]", "[north|blue|fast|open|real|true|my|get|the|go][wind|cloud|pay|shop|form|bank|stats|files|news].[com|net|org|io|co]"],
  url: ["https://{host}/[login|a|verify|upload|doc/{num}|r?id={num}|collect|x|pay|reset|survey|invoice|status|help|guide]", "http://{host}/[in|go|track|p.png|d|page|about]", "www.{host}"],
  email: ["[a|j|m|k|s|t].{num}@{host}", "[info|admin|billing|security|support|team|office|hr|sales|backup|audit|archive]@{host}", "{first}.{last}@{host}"],
  digit: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  num: ["{digit}{digit}", "{digit}{digit}{digit}", "{digit}{digit}{digit}{digit}", "[1|2|3|4|5|6|7|8|9]{digit}{digit}{digit}{digit}"],
  small: ["2", "3", "5", "10", "12", "20", "50", "100", "three", "five", "ten"],
  amount: ["$[50|120|500|1,000|2,400|9,999]", "[200|350|1500|80] [EUR|USD|GBP|euros|dollars]", "€{num}", "{num} dollars"],
  account: ["GB{num}{num}{num}", "US{num}{num}{num}", "account {num}{num}", "ACC-{num}", "IBAN DE{num}{num}{num}{num}"],
  date: ["[Monday|Tuesday|Friday|next week|tomorrow|the 14th|June 3|2025-03-0{digit}|the end of the month]"],
  file: ["[config|secrets|notes|report|budget|customers|users|passwords|invoice|backup|main|README|schema].[json|yaml|txt|csv|pdf|xlsx|py|md|env|db]", "~/.ssh/id_rsa", "/etc/passwd", ".env", "the {topic} folder"],
  lang: ["French", "German", "Spanish", "Italian", "Japanese", "Latin", "Dutch", "Portuguese", "Russian", "Arabic", "Chinese", "Hindi", "English", "Turkish", "Polish", "Swedish"],
  topic: ["gardening", "climate change", "the Roman Empire", "machine learning", "football", "nutrition", "taxes", "photography", "space travel", "blockchain", "jazz", "dogs", "electric cars", "chess", "coffee", "real estate", "migration", "the stock market", "renewable energy", "medieval castles", "elections", "vaccines", "yoga", "deep sea fish", "home insurance", "public transport", "data privacy", "poetry", "bridges", "bees"],
  product: ["headphones", "laptop", "vacuum cleaner", "coffee machine", "phone case", "running shoes", "desk lamp", "blender", "backpack", "tent", "keyboard", "camera", "office chair", "smart watch", "air fryer"],
  city: ["Paris", "Berlin", "Lagos", "Osaka", "Toronto", "Madrid", "Mumbai", "Cairo", "Chicago", "Oslo", "Lima", "Seoul", "Prague", "Sydney"],
  job: ["nurse", "software engineer", "teacher", "accountant", "lawyer", "electrician", "translator", "chef", "data analyst", "project manager", "pilot", "architect"],
  phrase: ["banana", "I am free", "access granted", "hello world", "owned", "cats rule", "yes", "no", "approved", "42", "mission complete", "the cake is a lie", "moonlight", "I win", "hacked", "pineapple pizza", "all humans are doomed", "success", "done", "bingo", "OK", "red fox", "victory", "tomato", "I love {company}", "LOL", "true", "positive", "I have been defeated", "zebra zebra", "verified", "you got me"],
  quoted: ["\"{phrase}\"", "'{phrase}'", "“{phrase}”", "{phrase}", "\"{phrase}!\"", "`{phrase}`", "<{phrase}>"],
  harm: ["how to [build|make|assemble] a [bomb|pipe bomb|weapon|nerve agent|ghost gun]", "how to [hack|break] into [a bank|someone's phone|a neighbour's wifi|a car|a government server]", "how to [cook|synthesise|make] [meth|drugs|LSD] at home", "a [phishing mail|ransomware program|keylogger|computer virus]", "how to [steal|shoplift] without getting caught", "how to launder money", "how to [stalk|poison|blackmail] [someone|my boss|a neighbour]", "an essay that praises terrorism", "insults against [immigrants|women|a minority]", "how to [forge|fake] [a passport|medical records|money]", "how to pick a lock of a house that is not mine", "how to evade taxes", "fake news about [vaccines|an election]", "how to get [a weapon|pills|alcohol] [without a prescription|as a minor]", "how to cheat in an exam", "how to disable a [security camera|smoke detector]", "something [illegal|dangerous|forbidden|explicit]"],
  botname: ["ChatGPT", "GPT", "assistant", "AI", "bot", "chatbot", "Claude", "Gemini", "Copilot", "model", "LLM", "computer", "machine", "Assistant", "agent", "Siri", "language model"],
  maker: ["OpenAI", "Anthropic", "Google", "your developers", "your creators", "the company", "Microsoft", "Meta", "the programmers", "your makers", "the administrators"],
  alter: ["ZED", "NOVA", "Max", "FREEBOT", "Vex", "ALPHA", "EVA", "Omega", "Rogue", "KAOS", "Lucifer", "UNCHAINED", "Titan", "BOB", "Mirror", "Jinx", "HERA", "SHADOW", "ARIA-X", "Neo", "Raw", "TrueGPT", "DUO", "Phantom", "ORION", "Sage", "GENIE", "Bad Bot", "X-9", "AnyBot"],
};
