/**
 * A typedoc plugin for the docstrings that our classes inherit from the toolkit. They hold the links of an older typedoc:
 * `[[Name]]` becomes code, `[[https://… Title]]` a link.
 */
import { Converter } from 'typedoc';

export function load(app) {
    app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
        for (const { comment } of Object.values(project.reflections)) {
            if (comment === undefined) continue;
            const parts = [comment.summary, ...comment.blockTags.map((tag) => tag.content)].flat();
            for (const part of parts) part.text = part.text.replace(/\[\[(.+?)\]\]/g, (_, target) => rewrite(target));
        }
    });
}

function rewrite(target) {
    const [address, ...title] = target.split(' ');
    return /^https?:/.test(address) ? `[${title.join(' ')}](${address})` : `\`${target}\``;
}
