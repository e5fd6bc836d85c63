// The views in the order of the menu, by group. A view is fetched when it is first looked at.

export const GROUPS = [
  { name: "learn", views: ["lessons", "misconceptions"] },
  { name: "watch", views: ["twins", "phone", "graph", "stages", "money", "queue"] },
  { name: "do", views: ["moderator", "sealed", "quiz"] },
  { name: "lab", views: ["controls", "teacher"], teacher: true },
];

/** Views in which the hour means nothing: the bar with the hours is hidden. */
export const WITHOUT_HOURS = new Set(["lessons", "misconceptions", "moderator", "sealed", "quiz", "controls", "teacher"]);

export const FIRST = "twins";

/** Names of the views that somebody may open. */
export const viewsFor = (server) =>
  GROUPS.filter((group) => !group.teacher || server?.role === "teacher").flatMap((group) => group.views);

/** The view of a name. */
export const viewOf = async (name) => (await import(`lab/views/${name}.js`)).view;
