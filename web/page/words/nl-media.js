export default {
  tap: 'tik om te zien',
  larger: 'tik voor groter',
  listen: 'tik om te luisteren',
  uploading: 'Versturen:',
  stop: 'Stop',
  cancel: 'Toch niet',
  no_microphone: 'De microfoon werkt hier niet.',
  unfit: 'Dit lukt hier niet. Probeer iets anders.',
  quota_full: 'Hier is geen plaats meer. Trek in wat niet meer nodig is.',
  data_budget_low: 'Je data voor deze maand is bijna op. Tekst sturen kan nog.',
};
