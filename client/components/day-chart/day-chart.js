import { element, newId, svgElement } from "../../browser/element.js";
import { table } from "../../browser/page.js";
import { formatDay, formatNumber } from "../../models/formats.js";
import { say } from "../../models/words.js";

const HEIGHT = 120;
const COLUMN_WIDTH = 10;
const GAP = 3;
/** A single answer among hundreds still shows. */
const LEAST_HEIGHT = 3;

/** How many answers each day had, as columns and as a table. Property `days`: `{day, count}`, no gaps. */
export class DayChart extends HTMLElement {
  set days(days) {
    const most = Math.max(1, ...days.map(({ count }) => count));
    const total = days.reduce((sum, { count }) => sum + count, 0);
    const titleId = newId("days");
    const width = days.length * (COLUMN_WIDTH + GAP) - GAP;
    const chart = svgElement(
      "svg",
      {
        viewBox: `0 0 ${width} ${HEIGHT}`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-labelledby": titleId,
      },
      svgElement(
        "title",
        { id: titleId },
        say("statistics.inDays", { count: total, days: days.length }),
      ),
      days.map(({ day, count }, index) => column(day, count, most, index)),
    );
    this.replaceChildren(
      chart,
      element(
        "p",
        { class: "ends", "aria-hidden": "true" },
        element("span", {}, formatDay(days[0].day)),
        element("span", {}, say("statistics.most", { count: most })),
        element("span", {}, formatDay(days.at(-1).day)),
      ),
      asTable(days.filter(({ count }) => count > 0)),
    );
  }
}

function column(day, count, most, index) {
  const height = count === 0 ? 1 : Math.max(LEAST_HEIGHT, (count / most) * HEIGHT);
  return svgElement(
    "rect",
    {
      class: count === 0 ? "none" : "some",
      x: index * (COLUMN_WIDTH + GAP),
      y: HEIGHT - height,
      width: COLUMN_WIDTH,
      height,
    },
    svgElement("title", {}, say("statistics.ofDay", { day: formatDay(day), count })),
  );
}

function asTable(days) {
  const rows = days.map(({ day, count }) => [formatDay(day), formatNumber(count)]);
  const columns = [say("statistics.day"), say("statistics.answers")];
  const summary = element("summary", {}, say("page.asTable"));
  return element("details", {}, summary, table(columns, rows));
}
