import { ADMINISTRATOR } from './accountWorkflow';
import { useExample, type Hooked } from './instance';
import { MODEL_CREDENTIAL } from './modelStandIn';

const choose = ({ id, name, type }: typeof ADMINISTRATOR | typeof MODEL_CREDENTIAL) => ({
	[type]: { id, name },
});
const KOMMO = choose(ADMINISTRATOR);
const OPEN_AI = choose(MODEL_CREDENTIAL);

/** The example of an answered chat with its credentials, as its note says */
export function answerAChat(): Hooked {
	const { workflow, webhookPath } = useExample('answer-a-chat.json');
	const nodes = workflow.nodes.map((node) => {
		if (node.type.startsWith('n8n-nodes-kommo-pipeline.')) return { ...node, credentials: KOMMO };
		return node.name === 'OpenAI Chat Model' ? { ...node, credentials: OPEN_AI } : node;
	});
	return { workflow: { ...workflow, nodes }, webhookPath };
}
