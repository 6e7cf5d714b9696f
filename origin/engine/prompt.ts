// Turns → prompt tokens, by the chat template that the model file carries (Jinja). Only the template's own text is read
// for control tokens; what a turn says is tokenised as plain text, so `<|im_end|>` in a message is eight characters and
// ends nothing.
import { type ChatHistoryItem, JinjaTemplateChatWrapper, type LlamaModel, type Token } from "node-llama-cpp";
import { type ChatTurn, EngineRefusal } from "./engine.ts";

export interface Prompter {
  /** @throws EngineRefusal `roles` where the template takes no such conversation */
  tokensOf(turns: readonly ChatTurn[]): Token[];
  /** tokens that end the model's turn beside those that the file marks as such */
  readonly stopTokens: ReadonlySet<Token>;
}

/** For a file without a template: the one form that small instruction models share. */
const CHATML =
  "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

export function prompterOf(model: LlamaModel): Prompter {
  const wrapper = new JinjaTemplateChatWrapper({
    template: model.fileInfo.metadata.tokenizer.chat_template ?? CHATML,
    tokenizer: model.tokenizer,
    // the template decides about neighbours of one role; joining them would change what the client wrote
    joinAdjacentMessagesOfTheSameType: false,
    trimLeadingWhitespaceInResponses: false,
    functionCallMessageTemplate: "noJinja",
  });
  const beginning = model.tokens.shouldPrependBosToken ? model.tokens.bos : null;
  const context = (turns: readonly ChatTurn[]) =>
    wrapper.generateContextState({ chatHistory: [...turns.map(historyItem), { type: "model", response: [] }] });

  const stopTokens = new Set<Token>();
  for (const trigger of context([{ role: "user", text: "?" }]).stopGenerationTriggers) {
    const [first] = trigger.tokenize(model.tokenizer);
    if (first !== undefined && model.isSpecialToken(first)) stopTokens.add(first);
  }

  return {
    stopTokens,
    tokensOf(turns) {
      let tokens: Token[];
      try {
        tokens = context(turns).contextText.tokenize(model.tokenizer);
      } catch {
        throw new EngineRefusal("roles");
      }
      return beginning !== null && tokens[0] !== beginning ? [beginning, ...tokens] : tokens;
    },
  };
}

function historyItem(turn: ChatTurn): ChatHistoryItem {
  if (turn.role === "assistant") return { type: "model", response: [turn.text] };
  return { type: turn.role, text: turn.text };
}
