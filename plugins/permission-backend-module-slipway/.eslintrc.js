module.exports = require('../../eslint.slipway')(__dirname);
