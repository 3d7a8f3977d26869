import { neverStartsWarning, severalOutputs, stageWarnings } from '../shared/panel/warning';

const STAGE_CHANGES = ['lead_status_changed'];

export const hints = [
	neverStartsWarning,
	severalOutputs,
	...stageWarnings('Lead Stage Changed', STAGE_CHANGES),
];
