import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import { toNumberIfId } from '../shared/decoding/ids';
import { labelOf, type OperationName } from './description';
import { isTyped } from './typed';

/** An id of Kommo, as a number if a number can hold it */
export type Id = string | number;

const EMPTY_ITEM =
	'The item is empty, probably because the nodes before this one have not run yet. Let them run first: click Execute workflow, or let the trigger receive a test event.';

/** How much of a value an error message repeats, in characters */
const MAX_SHOWN = 50;

/** The parameters of the node for one item */
export class ItemParameters {
	constructor(
		private readonly context: IExecuteFunctions,
		readonly item: number,
		private readonly operation: OperationName,
		/** n8n gives an empty item when the nodes before this one have not run. */
		private readonly isItemEmpty = false,
	) {}

	/** @throws NodeOperationError if it is empty or no number */
	id(name: string): Id {
		const id = this.optionalId(name);
		if (id === undefined) throw this.emptyError(name);
		return id;
	}

	/** @throws NodeOperationError if it is no number */
	optionalId(name: string): Id | undefined {
		return this.toId(this.label(name), this.read(name));
	}

	/** Whether the user of a tool has typed it, so that an AI cannot have changed it */
	isTyped(name: string): boolean {
		return isTyped(this.written(name));
	}

	/** Whether the user has written an expression, whatever it finds */
	isExpression(name: string): boolean {
		const written = this.written(name);
		return typeof written === 'string' && written.startsWith('=');
	}

	/**
	 * An id that is not a parameter itself, e.g. a resource locator within a collection
	 *
	 * @throws NodeOperationError if it is no number
	 */
	toId(label: string, value: unknown): Id | undefined {
		if (isEmpty(value)) return undefined;
		const id = String(value).trim();
		if (!/^\d+$/.test(id)) throw this.error(label, 'must be an ID, which is a number', value);
		return toNumberIfId('id', id);
	}

	/**
	 * The text as it is given
	 *
	 * @throws NodeOperationError if it is empty, or a list or a map
	 */
	text(name: string): string {
		const text = this.optionalText(name);
		if (text === '') throw this.emptyError(name);
		return text;
	}

	/**
	 * The text as it is given; an empty one where there is none
	 *
	 * @throws NodeOperationError if it is a list or a map
	 */
	optionalText(name: string): string {
		const value = this.read(name);
		if (isEmpty(value)) return '';
		if (typeof value === 'object') throw this.error(this.label(name), 'must be a text', value);
		return String(value);
	}

	/** @throws NodeOperationError with this sentence if it is not */
	mustBeEmpty(name: string, sentence: string): void {
		if (!isEmpty(this.read(name))) throw this.toError(sentence);
	}

	/** @throws NodeOperationError if it is empty, or not a number within the limits */
	number(name: string, { min, max = Infinity }: { min: number; max?: number }): number {
		const value = this.read(name);
		if (isEmpty(value)) throw this.emptyError(name);
		const number = Number(value);
		if (number >= min && number <= max) return number;
		const rule = max === Infinity ? `at least ${min}` : `${min} to ${max}`;
		throw this.error(this.label(name), `must be a number of ${rule}`, value);
	}

	isTrue(name: string): boolean {
		const value = this.read(name);
		return value === true || value === 'true';
	}

	/**
	 * One of Kommo's lists. The singular is valid too, because Kommo uses it in messages and talks.
	 *
	 * @throws NodeOperationError if it is none of them
	 */
	entityType(name: string): 'leads' | 'contacts' {
		const value = this.read(name) || 'leads';
		if (value === 'leads' || value === 'lead') return 'leads';
		if (value === 'contacts' || value === 'contact') return 'contacts';
		throw this.error(this.label(name), 'must be leads or contacts', value);
	}

	/** One of the parameter Options */
	option(name: string, standard: string | number): unknown {
		const options = this.read('options') || {};
		return (options as Record<string, unknown>)[name] ?? standard;
	}

	/** The value of any other parameter; an empty text where there is none */
	read(name: string): unknown {
		// n8n's `extractValue` fails for a hidden parameter.
		return valueOf(this.context.getNodeParameter(name, this.item, ''));
	}

	/** The value as the workflow has it, with its expressions */
	written(name: string): unknown {
		return this.context.getNode().parameters[name];
	}

	label(name: string): string {
		return labelOf(this.operation, name);
	}

	emptyError(name: string): NodeOperationError {
		const message = `${this.label(name)} is empty. If it has an expression, check that the item has the field that the expression reads.`;
		return this.isExpression(name) ? this.missingError(message) : this.toError(message);
	}

	/** @param message what to do about it, unless the item is empty */
	missingError(message: string): NodeOperationError {
		return this.toError(this.isItemEmpty ? EMPTY_ITEM : message);
	}

	toError(message: string): NodeOperationError {
		return new NodeOperationError(this.context.getNode(), message, { itemIndex: this.item });
	}

	private error(label: string, rule: string, value: unknown): NodeOperationError {
		const shown = (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MAX_SHOWN);
		return this.toError(`${label} ${rule}, but it is "${shown}".`);
	}
}

/** The value of a resource locator; anything else unchanged */
export function valueOf(parameter: unknown): unknown {
	const isLocator =
		typeof parameter === 'object' &&
		parameter !== null &&
		'mode' in parameter &&
		'value' in parameter;
	return isLocator ? parameter.value : parameter;
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}
