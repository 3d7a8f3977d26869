import { ACCOUNT_TRIGGER, ADMINISTRATOR, makeAccountWorkflow } from './accountWorkflow';
import type { Hooked } from './instance';
import { MODEL_CREDENTIAL } from './modelStandIn';

type Node = Hooked['workflow']['nodes'][number];

/** The tool as a model knows it */
export const TOOL = 'Answer_Customer';

const TOOL_NAME = 'Answer Customer';

const KOMMO = { [ADMINISTRATOR.type]: { id: ADMINISTRATOR.id, name: ADMINISTRATOR.name } };
const OPEN_AI = { [MODEL_CREDENTIAL.type]: { id: MODEL_CREDENTIAL.id, name: 'Model' } };

const LANGCHAIN = '@n8n/n8n-nodes-langchain';

/** The tool that sends what the model writes, with the user's other choices */
export const makeTool = (parameters: object = {}) => ({
	id: 'tool',
	name: TOOL_NAME,
	type: 'n8n-nodes-kommo-pipeline.kommoChatTool',
	typeVersion: 1,
	position: [640, 208],
	parameters: {
		authentication: 'accessToken',
		text: "={{ $fromAI('text', 'The message to the customer', 'string') }}",
		...parameters,
	},
	credentials: KOMMO,
});

interface AgentSetup {
	/** Parameters of the tool, besides its text */
	tool?: object;
	/** Whether the agent is executed for one item after the other */
	isInLoop?: boolean;
	/** A node that asks a person before the tool is used */
	review?: { name: string };
}

/** A workflow in which an AI agent stands behind the trigger, and has Kommo Chat as a tool. */
export function makeAgent(
	name: string,
	version: number,
	{ tool, isInLoop, review }: AgentSetup = {},
): Hooked {
	const { workflow, webhookPath } = makeAccountWorkflow(name, ['add_message']);
	const nodes = [
		workflow.nodes[0],
		{
			id: 'unanswered',
			name: 'Received',
			type: 'n8n-nodes-kommo-pipeline.kommoChat',
			typeVersion: 1,
			position: [320, 0],
			parameters: { authentication: 'accessToken', operation: 'getUnanswered', quietTime: 1 },
			credentials: KOMMO,
		},
		{
			id: 'agent',
			name: 'Agent',
			type: `${LANGCHAIN}.agent`,
			typeVersion: version,
			position: [512, 0],
			parameters: { promptType: 'define', text: '={{ $json.text }}', options: {} },
		},
		{
			id: 'model',
			name: 'Model',
			type: `${LANGCHAIN}.lmChatOpenAi`,
			typeVersion: 1.2,
			position: [512, 208],
			parameters: { model: { __rl: true, mode: 'list', value: 'gpt-4.1-mini' }, options: {} },
			credentials: OPEN_AI,
		},
		makeTool(tool),
		...(review ? [review] : []),
		...(isInLoop
			? [
					{
						id: 'loop',
						name: 'Loop',
						type: 'n8n-nodes-base.splitInBatches',
						typeVersion: 3,
						position: [416, 0],
						parameters: { options: {} },
					},
				]
			: []),
	];
	const to = (node: string, type = 'main') => [{ node, type, index: 0 }];
	const part = (type: string, node = 'Agent') => ({ [type]: [to(node, type)] });
	const connections = {
		[ACCOUNT_TRIGGER]: { main: [to('Received')] },
		Received: part('main', isInLoop ? 'Loop' : 'Agent'),
		...(isInLoop && { Loop: { main: [[], to('Agent')] }, Agent: { main: [to('Loop')] } }),
		Model: part('ai_languageModel'),
		[TOOL_NAME]: part('ai_tool', review?.name),
		...(review && { [review.name]: part('ai_tool') }),
	};
	return {
		workflow: { ...workflow, nodes: nodes as Node[], connections } as Hooked['workflow'],
		webhookPath,
	};
}
