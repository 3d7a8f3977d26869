import type { IPollFunctions } from 'n8n-workflow';

/** n8n gives all polls of a published workflow the same context, until it starts or publishes the workflow again. */
const begun = new WeakSet<IPollFunctions>();

/** Whether this is the first poll since n8n started or the workflow was published. */
export function beginsActivation(context: IPollFunctions): boolean {
	const isFirst = !begun.has(context);
	begun.add(context);
	return isFirst;
}

/** Whether somebody has published the workflow, which was not published before. */
export function isPublishedNow(context: IPollFunctions): boolean {
	return context.getActivationMode() === 'activate';
}

/** Whether n8n goes on with a published workflow by itself. */
export function isTakenUpAgain(context: IPollFunctions): boolean {
	return ['init', 'leadershipChange'].includes(context.getActivationMode());
}
