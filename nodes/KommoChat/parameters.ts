import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import { toNumberIfId } from '../shared/decoding/ids';
import { labelOf } from './description';

/** An id of Kommo's, as a number if that can hold it */
export type Id = string | number;

/** What a message of an error repeats of a value, in characters */
const MAX_SHOWN = 50;

/** The parameters of the node for one item */
export class ItemParameters {
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly item: number,
	) {}

	/** @throws NodeOperationError if it is empty or no number */
	id(name: string): Id {
		const id = this.optionalId(name);
		if (id === undefined) throw this.emptyError(name);
		return id;
	}

	/** @throws NodeOperationError if it is no number */
	optionalId(name: string): Id | undefined {
		const value = this.read(name);
		if (isEmpty(value)) return undefined;
		const id = String(value).trim();
		if (!/^\d+$/.test(id)) throw this.error(name, 'must be an ID, which is a number', value);
		return toNumberIfId('id', id);
	}

	/**
	 * The text as it is given
	 *
	 * @throws NodeOperationError if it is empty, or a list or a map
	 */
	text(name: string): string {
		const value = this.read(name);
		if (isEmpty(value)) throw this.emptyError(name);
		if (typeof value === 'object') throw this.error(name, 'must be a text', value);
		return String(value);
	}

	/** @throws NodeOperationError with this sentence if it is not */
	mustBeEmpty(name: string, sentence: string): void {
		if (!isEmpty(this.read(name))) throw this.toError(sentence);
	}

	/** @throws NodeOperationError if it is not 1 or more */
	count(name: string): number {
		const value = this.read(name);
		const count = Math.floor(Number(value));
		if (!(count >= 1)) throw this.error(name, 'must be a number of at least 1', value);
		return count;
	}

	/**
	 * One of Kommo's lists. In messages and talks Kommo names it in the singular.
	 *
	 * @throws NodeOperationError if it is none of them
	 */
	entityType(name: string): 'leads' | 'contacts' {
		const value = this.read(name);
		if (value === 'leads' || value === 'lead') return 'leads';
		if (value === 'contacts' || value === 'contact') return 'contacts';
		throw this.error(name, 'must be leads or contacts', value);
	}

	private read(name: string): unknown {
		return this.context.getNodeParameter(name, this.item, '', { extractValue: true });
	}

	private emptyError(name: string): NodeOperationError {
		const message = `${labelOf(name)} is empty. If it has an expression, check that the item has the field that the expression reads.`;
		return this.toError(message);
	}

	private error(name: string, rule: string, value: unknown): NodeOperationError {
		const shown = (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MAX_SHOWN);
		return this.toError(`${labelOf(name)} ${rule}, but it is "${shown}".`);
	}

	private toError(message: string): NodeOperationError {
		return new NodeOperationError(this.context.getNode(), message, { itemIndex: this.item });
	}
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}
