/** Writes the dashboards and the PrometheusRule of monitoring/: npm run dashboards */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { generate } from './generate';

const MONITORING = join(process.cwd(), 'monitoring');

for (const [file, text] of generate(MONITORING)) {
    writeFileSync(join(MONITORING, file), text);
    console.log(`monitoring/${file}`);
}
