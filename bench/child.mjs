let commands;

process.on('disconnect', () => process.exit());

process.on('message', async ({ command, argument }) => {
    try {
        process.send({ result: await run(command, argument) });
    } catch (error) {
        process.send({ error: error.stack });
    }
});

async function run(command, argument) {
    if (command !== 'start') return commands[command](argument);

    const { load } = await import(`./adapters/${argument.adapter}.mjs`);
    const { create } = await import(`./tasks/${argument.task}.mjs`);
    commands = await create(load(argument.directory), argument.workload);
    return undefined;
}
