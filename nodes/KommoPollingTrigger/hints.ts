import { neverStartsWarning, stageWarnings } from '../shared/panel/warning';

const STAGE_CHANGES = ['lead_status_changed'];

export const hints = [neverStartsWarning, ...stageWarnings('Lead Stage Changed', STAGE_CHANGES)];
