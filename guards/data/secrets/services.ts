// Keys of model providers, messaging, payment and other services.
import { isPlaceholder, isRandom, kindsOf } from "../checks/randomness.ts";
import type { DataRule } from "../rule.ts";
import { near, token, UUID, written } from "./token.ts";

export const MODELS: readonly DataRule[] = [
  token(
    "openai_key",
    "an OpenAI key",
    [
      "sk-(proj-|svcacct-|admin-|None-)?[\\u]{20,128}T3BlbkFJ[\\u]{20,128}",
      "sk-(proj|svcacct|admin)-[\\u]{40,200}",
      "sk-\\x{48}",
    ],
    { notAfter: "\\u", notBefore: "\\u", skip: 3, bits: 3.6 },
  ),
  token("anthropic_key", "an Anthropic key", "sk-ant-[a-z]{2,10}\\d{2}-[\\u]{76,114}AA", {
    notAfter: "\\u",
    notBefore: "\\u",
    skip: 14,
    judge: (d) => (isRandom(d.replace(/fake/gi, ""), 3.5) ? "sure" : "no"),
  }),
  token("openrouter_key", "an OpenRouter key", "sk-or-v1-\\h{64}", { skip: 9 }),
  token(
    "sk_key",
    "a key of one of many services",
    ["sk-\\h{32}", `sk-(lf-)?${UUID}`, "sk_\\h{48}", "sk-(api|live|prod|lm|litellm)-[\\u]{20,64}"],
    { notAfter: "_\\-", notBefore: "\\u", skip: 3 },
  ),
  token("hugging_face_token", "a Hugging Face token", ["hf_[a-zA-Z]{34,40}", "api_org_[a-zA-Z]{34}"], {
    notAfter: "_\\-",
    skip: 3,
    judge: (d) =>
      isRandom(d.slice(3), 3.6) && !/[a-z]{10}/.test(d.slice(3)) && kindsOf(d.slice(3)) === 2 ? "sure" : "no",
  }),
  token("groq_key", "a Groq key", "gsk_\\x{48,56}", { skip: 4 }),
  token("xai_key", "an xAI key", "xai-\\x{70,90}", { skip: 4 }),
  token("perplexity_key", "a Perplexity key", "pplx-\\x{40,60}", { skip: 5 }),
  token("replicate_token", "a Replicate token", "r8_\\x{37,40}", { skip: 3 }),
  token("nvidia_key", "an NVIDIA key", "nvapi-[\\u]{56,72}", { notBefore: "\\u", skip: 6 }),
  token("pinecone_key", "a Pinecone key", "pcsk_[A-Za-z0-9_]{50,80}", { skip: 5 }),
  token("langsmith_key", "a LangSmith key", "lsv2_(pt|sk)_\\h{32}_\\h{10}", { skip: 8 }),
  token("tavily_key", "a Tavily key", "tvly-(dev-|prod-)?\\x{32,40}", { skip: 5 }),
  token("jina_key", "a Jina key", "jina_\\h{32}[\\u]{24,32}", { notBefore: "\\u", skip: 5 }),
  token("firecrawl_key", "a Firecrawl key", "fc-\\h{32}", { notAfter: "\\-_", skip: 3 }),
  token("fireworks_key", "a Fireworks key", "fw_\\x{22,26}", { skip: 3, bits: 3.5 }),
  token("cohere_key", "40 characters after Cohere's name", "\\x{40}", near(/cohere|CO_API_KEY|\bco\.Client/i, 3.8)),
  token(
    "model_provider_key",
    "a key after a model provider's name",
    ["\\x{32}", "\\x{40}", "\\h{64}", "\\x{48}"],
    near(
      /(?:mistral|together|deepgram|eleven.?labs|assembly.?ai|wandb|stability|voyage|deepseek|gemini|openai|azure.?openai|anthropic|cerebras|baseten|modal|runpod).{0,24}(?:key|token|secret|login)/i,
      3.4,
    ),
  ),
];

export const MESSAGING: readonly DataRule[] = [
  token(
    "slack_token",
    "a Slack token",
    [
      "xoxb-\\d{8,14}-\\d{8,14}-\\x{18,34}",
      "xoxb-\\d{8,14}-\\x{18,26}",
      "xox[peas]-(\\d{10,14}-){2,3}[\\x\\-]{28,64}",
      "xoxo-\\d{1,14}-\\d{1,14}-\\d{1,14}-\\H{1,64}",
      "xapp-\\d-[A-Z0-9]{8,14}-\\d{8,16}-[a-z0-9]{40,80}",
      "xapp-\\d{12}-[\\b]{24}",
      "xox[ar]-\\d-[a-z0-9]{8,48}",
      "xoxe(\\.xox[bp])?-\\d-[A-Z0-9a-z]{120,200}",
    ],
    {
      notAfter: "\\u",
      notBefore: "\\u",
      skip: 5,
      judge: (d) => (/xox[a-z]-0{4}/.test(d) || isPlaceholder(d) || /#/.test(d) ? "no" : "sure"),
    },
  ),
  token(
    "slack_webhook",
    "a Slack webhook",
    "hooks\\.slack(-gov)?\\.com/(services|workflows|triggers)/[A-Za-z0-9+/]{36,90}",
    { notBefore: "\\x/", judge: written },
  ),
  token(
    "teams_webhook",
    "a Microsoft Teams webhook",
    [
      `(outlook\\.office(365)?|[a-z0-9][a-z0-9\\-]{0,39}\\.webhook\\.office)\\.com/webhook(b2)?/${UUID}@${UUID}/[A-Za-z]{4,24}/\\h{32}/${UUID}`,
    ],
    { notAfter: ".\\-", notBefore: "\\x" },
  ),
  token("zapier_webhook", "a Zapier webhook", "hooks\\.zapier\\.com/hooks/catch/\\d{5,10}/[a-z0-9]{5,24}", {
    notBefore: "\\x",
    judge: written,
  }),
  token("discord_token", "a Discord bot token", "[MNO][\\u]{23,27}\\.[\\u]{6}\\.[\\u]{27,40}", {
    notAfter: "\\u.",
    notBefore: "\\u",
    bits: 4,
  }),
  token("discord_webhook", "a Discord webhook", "discord(app)?\\.com/api/webhooks/\\d{17,20}/[\\u]{60,72}", {
    notBefore: "\\u",
  }),
  token("telegram_token", "a Telegram bot token", ["\\d{8,10}:AA[\\u]{32,34}", "bot\\d{8,10}:AA[\\u]{32,34}"], {
    notAfter: "\\u:",
    notBefore: "\\u",
    bits: 3.6,
  }),
  token("twilio_key", "a Twilio key", "(SK|AC)\\h{32}", { notAfter: "_", skip: 2 }),
  token("sendgrid_key", "a SendGrid key", "SG\\.[\\u]{20,24}\\.[\\u]{39,50}", { notBefore: "\\u", skip: 3, bits: 4 }),
  token("mailgun_key", "a Mailgun key", ["(pub)?key-\\h{32}", "\\h{32}-\\h{8}-\\h{8}"], {
    notAfter: "\\-_",
    notBefore: "\\u",
    skip: 4,
  }),
  token("mailchimp_key", "a Mailchimp key", "\\h{32}-us\\d{1,2}", {
    judge: (d) => (isRandom(d, 3) ? "weak" : "no"),
    context: /(?:mailchimp|mandrill|\bmc)[_-]?.{0,16}(?:api|key|secret)/i,
  }),
  token("brevo_key", "a Brevo key", "xkeysib-\\h{64}-\\x{16}", { skip: 8 }),
  token("postmark_token", "a UUID after Postmark's name", UUID, near(/postmark/i, 3)),
  token("dropbox_token", "a Dropbox token", "sl\\.(u\\.)?[\\u]{100,}", { notAfter: "\\u.", notBefore: "\\u", skip: 3 }),
];

export const COMMERCE: readonly DataRule[] = [
  token("stripe_key", "a Stripe key", ["(sk|rk)_(live|test|prod)_\\x{16,128}", "whsec_[\\b]{32,64}"], { skip: 8 }),
  token("square_token", "a Square token", ["sq0(atp|atb|csp|idb)-[\\u]{22,43}", "EAAA[\\u]{60}"], {
    notAfter: "\\u",
    notBefore: "\\u",
    skip: 7,
    bits: 3.5,
  }),
  token("braintree_token", "a Braintree token", "access_token\\$(production|sandbox)\\$[a-z0-9]{16}\\$\\h{32}", {
    skip: 24,
  }),
  token("shopify_token", "a Shopify token", "shp(at|ca|pa|ss|ua|tka)_\\H{32}", { skip: 6 }),
  token("plaid_token", "a Plaid token", `(access|link|public)-(sandbox|development|production)-${UUID}`, { skip: 18 }),
  token("razorpay_key", "a Razorpay key", "rzp_(live|test)_\\x{14}", { skip: 9 }),
  token("flutterwave_key", "a Flutterwave key", "FLW(SECK|PUBK)(_TEST)?-\\h{32}-X", { skip: 8 }),
  token("easypost_key", "an EasyPost key", "EZ[AT]K\\x{54}", { notAfter: "\\b", notBefore: "\\b", skip: 4 }),
  token("shippo_token", "a Shippo token", "shippo_(live|test)_\\h{40}", { skip: 12 }),
  token("duffel_token", "a Duffel token", "duffel_(live|test)_[\\u]{43}", { notBefore: "\\u", skip: 12 }),
  token("typeform_token", "a Typeform token", "tfp_[A-Za-z0-9_.=\\-]{40,64}", { notBefore: "\\u", skip: 4 }),
  token("contentful_token", "a Contentful token", "CFPAT-[\\u]{43}", { notBefore: "\\u", skip: 6 }),
  token("hubspot_token", "a HubSpot token", `pat-(na|eu|ap)\\d-${UUID}`, { skip: 8 }),
  token("salesforce_token", "a Salesforce session token", "00D\\x{12}(\\x{3})?![A-Za-z0-9._]{80,128}", {
    notBefore: "\\x_.",
  }),
  token("facebook_token", "a Facebook token", ["EAA[A-Z]\\x{60,400}", "\\d{15,16}\\|[\\u]{27,28}"], {
    notAfter: "\\b",
    notBefore: "\\u",
    skip: 4,
    bits: 3.6,
  }),
  token("twitch_stream_key", "a Twitch stream key", "live_\\d{6,12}_\\x{30}", { skip: 5 }),
  token("mapbox_token", "a Mapbox token", "[pst]k\\.eyJ[\\u]{20,200}\\.[\\u]{20,24}", {
    notAfter: "\\u.",
    notBefore: "\\u",
  }),
  token("adafruit_key", "an Adafruit IO key", "aio_\\x{28}", { skip: 4 }),
  token("maxmind_key", "a MaxMind key", "\\x{6}_\\x{29}_mmk", { bits: 3.6 }),
  token("clickhouse_key", "a ClickHouse Cloud key", "4b1d\\x{38}", { skip: 4 }),
  token(
    "one_password_key",
    "a 1Password key or service account",
    ["ops_eyJ[\\b_=]{250,}", "A3-[A-Z0-9]{6}-([A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(-[A-Z0-9]{5}){3}"],
    { notAfter: "\\b", notBefore: "\\u", skip: 3 },
  ),
  token("intra42_secret", "a client secret of 42", "s-s4t2(ud|af)-\\h{64}", { skip: 9 }),
  token("segment_token", "a Segment token", "sgp_\\x{64}", { skip: 4 }),
  token("frameio_token", "a Frame.io token", "fio-u-[\\u]{64}", { notBefore: "\\u", skip: 6 }),
  token("adobe_secret", "an Adobe client secret", "p8e-[\\u]{32}", { notBefore: "\\u", skip: 4 }),
  token("kagi_token", "a Kagi token after the name", "[\\u]{11}\\.[\\u]{43}", {
    notAfter: "\\u",
    notBefore: "\\u",
    ...near(/kagi/i, 4),
  }),
  token("okta_token", "an Okta token after the name", "00[\\u]{39}\\w", {
    notAfter: "\\u",
    notBefore: "\\u",
    context: /(?:\b|_)okta|\bSSWS/i,
    judge: (d) => (/0{12}/.test(d) ? "no" : "weak"),
  }),
  token(
    "facebook_secret",
    "32 hexadecimal digits after Facebook's name",
    "\\h{32}",
    near(/(?:facebook|\bfb).{0,24}(?:key|secret|token)/i, 3),
  ),
];
