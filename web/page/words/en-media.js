export default {
  tap: 'tap to see',
  larger: 'tap for larger',
  listen: 'tap to listen',
  uploading: 'Sending:',
  stop: 'Stop',
  cancel: 'Never mind',
  no_microphone: 'The microphone does not work here.',
  unfit: 'This does not work here. Try something else.',
  quota_full: 'There is no more room here. Take back what is not needed any more.',
  data_budget_low: 'Your data for this month is almost used up. Text still works.',
};
