import type { CompletedRequest } from 'mockttp';

import { json, type Answer } from '../../scripts/kommo/standIn/answers';

export const MODEL_HOST = 'api.openai.com';

/** The credential of the model's API */
export const MODEL_CREDENTIAL = {
	id: 'model',
	name: 'Model',
	type: 'openAiApi',
	data: { apiKey: 'sk-of-the-stand-in' },
};

/** What the model is asked */
export interface Prompt {
	messages: Array<{ role: string; content: string }>;
	/** The names of the tools that it may call */
	tools: string[];
}

export interface ToolCall {
	tool: string;
	input: object;
}

interface Completion {
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: { name: string } }>;
}

/** A large language model at the address of OpenAI's: https://platform.openai.com/docs/api-reference/chat */
export class ModelStandIn {
	/** What it was asked and has answered, the oldest first */
	readonly prompts: Prompt[] = [];

	/** What it answers next, in this order; after that, it repeats what it was told last. */
	readonly answers: Array<string | ToolCall> = [];

	/** While it is set, it gives the answers */
	decide?: (prompt: Prompt) => string | ToolCall[];

	/** While it is set, all requests are refused with it. */
	refusal?: { status: number; message: string };

	/** What happens while it thinks of its next answer */
	meanwhile?: () => void;

	async answer(request: CompletedRequest): Promise<Answer> {
		const path = request.method === 'POST' && request.url.replace(`https://${MODEL_HOST}/v1`, '');
		if (path !== '/chat/completions' && path !== '/audio/transcriptions') {
			return refuse(404, 'Not found');
		}
		if (this.refusal) return refuse(this.refusal.status, this.refusal.message);
		if (request.headers.authorization !== `Bearer ${MODEL_CREDENTIAL.data.apiKey}`) {
			return refuse(401, 'Incorrect API key provided');
		}
		if (path === '/audio/transcriptions') return transcribe(await request.body.getText());
		const { messages, tools = [] } = (await request.body.getJson()) as Completion;
		const prompt = {
			messages: messages.map(({ role, content }) => ({ role, content: toText(content) })),
			tools: tools.map(({ function: { name } }) => name),
		};
		this.prompts.push(prompt);
		this.meanwhile?.();
		this.meanwhile = undefined;
		const repeated = `You wrote: ${prompt.messages.at(-1)?.content}`;
		const answer = this.decide?.(prompt) ?? this.answers.shift() ?? repeated;
		return complete(
			typeof answer === 'string' || Array.isArray(answer) ? answer : [answer],
			this.prompts.length,
		);
	}
}

/** It "hears" the name of the file, and so tells what the file is. */
function transcribe(form = ''): Answer {
	const [, name] = /filename="?([^"\r\n]+)"?/.exec(form) ?? [];
	if (!name) return refuse(400, 'No file');
	return json(200, { text: `Spoken in ${name}` });
}

function toText(content: unknown): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}

function complete(answer: string | ToolCall[], number: number): Answer {
	const isText = typeof answer === 'string';
	const message = isText
		? { content: answer }
		: {
				content: null,
				tool_calls: answer.map(({ tool, input }, index) => ({
					id: `call_${number}_${index}`,
					type: 'function',
					function: { name: tool, arguments: JSON.stringify(input) },
				})),
			};
	return json(200, {
		id: `chatcmpl-${number}`,
		object: 'chat.completion',
		created: Math.floor(Date.now() / 1000),
		model: 'gpt-4.1-mini',
		choices: [
			{
				index: 0,
				message: { role: 'assistant', ...message },
				finish_reason: isText ? 'stop' : 'tool_calls',
			},
		],
		usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
	});
}

function refuse(status: number, message: string): Answer {
	return json(status, { error: { message, type: 'error', param: null, code: null } });
}
