/**
 * What the client says on a first visit, in English; later.js has the rest. Another language is a folder like this one
 * beside it, with the same keys; then `make lists`.
 *
 * `{name}` is put in; a number is written as the reader's country writes it. An entry with the keys of
 * Intl.PluralRules ("one", "other" …) is chosen by `count`. `errors` are named as the API names them; "{message}" is
 * the API's own sentence, which is English.
 */
export const WORDS = {
  page: {
    skip: "Skip to content",
    privacy:
      "Telltale never stores your photo. It keeps the answer, a thumbnail and the file’s details, for you alone, until you delete them.",
    developers: "For developers",
    moment: "One moment …",
    missing: "Page not found",
    missingText: "There is nothing at this address.",
    home: "Show Telltale a photo",
    unloaded: "This page couldn’t be loaded. Check your connection, then try again.",
    tryAgain: "Try again",
    close: "Close",
    undo: "Undo",
    more: { one: "and {count} more", other: "and {count} more" },
    answers: { one: "{count} answer", other: "{count} answers" },
  },
  navigation: {
    name: "Main",
    photo: "Photo",
    history: "History",
    lessons: "Teach",
    statistics: "Statistics",
    account: "Account",
    signIn: "Sign in",
    createAccount: "Create account",
    connect: "Connect",
  },
  titles: {
    predict: "What’s in the photo?",
    history: "History",
    groups: "Look-alikes",
    prediction: "Answer",
    lessons: "Lessons",
    lesson: "Lesson",
    statistics: "Statistics",
    account: "Account",
    connect: "Use another server",
    signIn: "Sign in",
    createAccount: "Create account",
    forgottenPassword: "Forgot your password?",
    resetPassword: "New password",
  },
  connection: {
    slow: "This is taking longer than usual: the connection is slow, or the server is waking up.",
    waking: "The server is waking up. This can take a minute; you don’t have to do anything.",
    unreachable: "Telltale can’t be reached right now. We’ll keep trying.",
    needed: "You’re offline, and this page needs a connection. It comes as soon as you’re back.",
    offline: "You’re offline. Your photos will be sent when you’re back.",
  },
  predict: {
    title: "What’s in the photo?",
    lead: "Show Telltale a photo. It names what it sees, and says how sure it is.",
    choose: "Choose photos",
    camera: "Use the camera",
    drop: "or drop or paste them anywhere on this page",
    photos: "Photos",
    capture: "Photo from the camera",
    yours: "Your photos",
    left: {
      one: "{count} of {limit} photos left today",
      other: "{count} of {limit} photos left today",
    },
    spent: "You’ve used all of today’s photos. Resets {when}.",
    dropHere: "Drop your photos here",
    noPhotos: {
      one: "“{name}” was left out: {count} file that isn’t a photo.",
      other: "“{name}” and others were left out: {count} files that aren’t photos.",
    },
  },
  job: {
    name: "Photos answered",
    answered: { one: "{answered} of {count} answered", other: "{answered} of {count} answered" },
    failed: {
      one: "{answered} of {count} answered, {failed} failed",
      other: "{answered} of {count} answered, {failed} failed",
    },
    show: "Show them",
    retry: "Try again",
    cancel: "Cancel the rest",
    history: "To your history",
  },
  samples: {
    invitation: "No photo at hand? Try one of these.",
    example: "The cup, for example, it calls “Espresso”.",
    coffee: "Try a cup of coffee",
    cat: "Try a cat",
    camera: "Try a man with a camera",
    rocket: "Try a rocket",
  },
  history: {
    deleted: { one: "Deleted “{label}”", other: "{count} answers deleted" },
  },
  time: { justNow: "just now", soon: "in a while", tomorrow: "tomorrow" },
  errors: {
    unknown: "Something unexpected went wrong. Try again.",
    UNREACHABLE: "Telltale can’t be reached. Check your connection, then try again.",
    ASLEEP: "The server is still waking up. Give it another minute, then try again.",
    BUSY: "Telltale has its hands full right now. Try again in a moment.",
    COST_LIMIT_EXCEEDED: "That’s too much at once.",
    INTERNAL_SERVER_ERROR: "Something went wrong on our side. Try again.",
    UNAUTHENTICATED: "You’ve been signed out. Sign in to go on.",
    FORBIDDEN: "Your token doesn’t allow this.",
    NOT_FOUND: "It’s no longer there.",
    BAD_USER_INPUT: "Telltale couldn’t understand that. Reload the page, then try again.",
    GRAPHQL_PARSE_FAILED: "This page is out of date. Reload it, then try again.",
    GRAPHQL_VALIDATION_FAILED: "This page is out of date. Reload it, then try again.",
    RATE_LIMITED: "Too many tries. Try again {when}.",
  },
};
