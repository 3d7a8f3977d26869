import { USER } from './users';
import { list, type Answer } from './answers';

export interface Stage {
	status_id: number;
	pipeline_id: number;
}

interface Pipeline {
	id: number;
	name: string;
	is_archive: boolean;
	/** By their ids, without those of closed leads, which every pipeline has */
	stages: Record<number, string>;
}

/** Each lead n has the main contact 100000 + n; lead 404 does not exist, lead 405 has no contact. */
export const makeLead = (id: number) => ({
	id,
	name: `Lead ${id}`,
	price: 1000,
	responsible_user_id: USER.id,
	pipeline_id: 7,
	status_id: 142,
	_embedded: {
		contacts:
			id === 405
				? []
				: [
						{ id: 1, is_main: false },
						{ id: 100_000 + id, is_main: true },
					],
	},
});

/** The pipelines of the account, and its leads */
export class Leads {
	pipelines: Pipeline[] = [
		{ id: 7, name: 'Sales', is_archive: false, stages: { 10: 'Negotiation', 20: 'Contract' } },
		{ id: 8, name: 'Support', is_archive: false, stages: { 30: 'Open' } },
		{ id: 9, name: 'Old sales', is_archive: true, stages: { 40: 'Done' } },
	];

	/** The stage of a lead that was not moved; by default, it is won. */
	firstStage?: Stage;

	/** Leads that were moved */
	readonly stages = new Map<number, Stage>();

	make(id: number): ReturnType<typeof makeLead> {
		return { ...makeLead(id), ...(this.stages.get(id) ?? this.firstStage) };
	}

	answer(ids: number[]): Answer {
		return list(
			'leads',
			ids.filter((id) => id !== 404).map((id) => this.make(id)),
		);
	}

	answerPipelines(): Answer {
		const pipelines = this.pipelines.map(({ stages, ...pipeline }) => ({
			...pipeline,
			_embedded: {
				statuses: Object.entries({ ...stages, 142: 'Closed - won', 143: 'Closed - lost' }).map(
					([id, name]) => ({ id: Number(id), name, pipeline_id: pipeline.id }),
				),
			},
		}));
		return list('pipelines', pipelines);
	}
}
