const NAME = String.raw`(?:'[^'\\{}\n]+'|"[^"\\{}\n]+")`;

/** Only the first item of a node: e.g. `={{ $('Get unanswered messages').first().json.talk_id }}` */
const FIRST_ITEM = new RegExp(
	String.raw`^=\{\{\s*\$\(${NAME}\)\.first\(\)\.json(?:\.[A-Za-z_]\w*|\[(?:\d+|${NAME})\])+\s*\}\}$`,
);

/**
 * Whether a parameter of a tool has a value that its user has typed, so that an AI cannot change it: no
 * expression, or one that reads only the first item of a node. Every other expression is refused, because
 * there are many ways to what the AI has written: n8n puts the model's arguments into the tool's item (AI
 * Agent 3 and 3.1) and into its parameters, and pairs every item of the agent with the first one.
 *
 * @param parameter as the workflow has it, so an expression begins with `=`
 */
export function isTyped(parameter: unknown): boolean {
	if (typeof parameter !== 'string')
		return parameter === undefined || typeof parameter === 'number';
	return !parameter.startsWith('=') || FIRST_ITEM.test(parameter.trim());
}
