import { neverStartsWarning, uselessFromStageWarning } from '../shared/panel/warning';

const STAGE_CHANGES = ['lead_status_changed'];

export const hints = [
	neverStartsWarning,
	uselessFromStageWarning('Lead Stage Changed', STAGE_CHANGES),
];
