import type { KommoApi } from '../../shared/api/client';
import type { JsonMap } from '../../shared/events/json';
import type { ItemParameters } from '../parameters';

/**
 * Gives the items that come of one item.
 *
 * @throws KommoApiError, NodeOperationError
 */
export type Operation = (api: KommoApi, parameters: ItemParameters) => Promise<JsonMap[]>;
