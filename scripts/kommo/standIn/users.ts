/** The user whose token the programs have */
export const USER = { id: 938300, name: 'Ana Souza', email: 'ana@example.com' };
