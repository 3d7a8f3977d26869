import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { KommoApi } from '../../shared/api/client';
import type { ItemFacts } from '../item';
import type { ItemParameters } from '../parameters';
import type { Reason } from '../turn';

/** What an operation needs for one item */
export interface Call {
	context: IExecuteFunctions;
	/** The item's index */
	item: number;
	api: KommoApi;
	parameters: ItemParameters;
	/** What the item says. Empty for a tool, because the model wrote its item. */
	facts: ItemFacts;
	isTool: boolean;
	/** The credential's secret, which signs talk references */
	secret: string;
}

/** The result for an item */
export type Result =
	| { outcome: 'done'; items: Array<{ json: IDataObject; binary?: Record<string, IBinaryData> }> }
	| { outcome: 'leftAlone'; reason: Reason };

/** @throws KommoApiError, NodeOperationError */
export type Operation = (call: Call) => Promise<Result>;

export function done(...items: IDataObject[]): Result {
	return { outcome: 'done', items: items.map((json) => ({ json })) };
}
