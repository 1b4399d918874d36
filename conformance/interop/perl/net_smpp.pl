#!/usr/bin/perl
# Perl's Net::SMPP (SMPP 3.4) against the engine: one check per call.
#
# Usage: perl net_smpp.pl CHECK PORT
#
# The ESMEs are those of harness/engine.js. Ends with 0, or with 1 and the reason on the standard error. It never waits
# for ever only because the caller ends it in time: the package's reads reset every alarm.
use strict;
use warnings;
use Net::SMPP;

my ($check, $port) = @ARGV;
die "usage: net_smpp.pl CHECK PORT\n" unless defined $port;
my %passwords = (sender => 'secret1', receiver => 'secret2', absent => 'secret3');

use constant {ESME_ROK => 0x00, ESME_RINVPASWD => 0x0e, ESME_RINVSYSID => 0x0f, ESME_RINVMSGID => 0x0c};
use constant {ENROUTE => 1, DELIVERED => 2, DELETED => 4};

my %checks = (

  transmitter => sub {
    my ($session, $answer) = attach('new_transmitter', 'sender');
    is($answer->{system_id}, 'Signalbox', 'system_id of the answer');
    is(unpack('C', $answer->{sc_interface_version}), 0x34, 'sc_interface_version');
    my $sent = ok($session->submit_sm(source_addr => '1000', destination_addr => '3000', short_message => 'Hello'));
    like($sent->{message_id}, qr/^[1-9]\d*$/, 'message_id');
    ok($session->enquire_link());
    ok($session->unbind());
  },

  wrong_password => sub {
    my (undef, $answer) = Net::SMPP->new_transmitter('127.0.0.1', port => $port, system_id => 'sender',
                                                     password => 'wrong');
    is($answer->status, ESME_RINVPASWD, 'status');
  },

  unknown_system_id => sub {
    my (undef, $answer) = Net::SMPP->new_receiver('127.0.0.1', port => $port, system_id => 'nobody', password => '');
    is($answer->status, ESME_RINVSYSID, 'status');
  },

  receiver => sub {
    my $receiver = attach('new_receiver', 'receiver');
    my $sender = attach('new_transmitter', 'sender');
    my $text = 'Hello from Perl';
    ok($sender->submit_sm(source_addr_ton => 1, source_addr_npi => 1, source_addr => '1000',
                          dest_addr_ton => 1, dest_addr_npi => 1, destination_addr => '2000', short_message => $text));
    my $delivery = next_delivery($receiver);
    is($delivery->{short_message}, $text, 'short_message');
    is($delivery->{source_addr}, '1000', 'source_addr');
    is($delivery->{destination_addr}, '2000', 'destination_addr');
    is($delivery->{source_addr_ton}, 1, 'source_addr_ton');
    ok($receiver->unbind());
  },

  receipt => sub {
    my $receiver = attach('new_receiver', 'receiver');
    my $sender = attach('new_transceiver', 'sender');
    my $sent = ok($sender->submit_sm(source_addr => '1000', destination_addr => '2000', short_message => 'Hello',
                                     registered_delivery => 1));
    next_delivery($receiver);
    my $receipt = next_delivery($sender);
    is($receipt->{esm_class} & 0x3c, 0x04, 'esm_class of the receipt');
    like($receipt->{short_message},
         qr/^id:\Q$sent->{message_id}\E sub:001 dlvrd:001 submit date:\d{10} done date:\d{10} stat:DELIVRD err:000 text:Hello$/,
         'text of the receipt');
  },

  message_payload => sub {
    my $receiver = attach('new_receiver', 'receiver');
    my $sender = attach('new_transmitter', 'sender');
    my $text = join ' ', 1 .. 150;
    ok($sender->submit_sm(source_addr => '1000', destination_addr => '2000', short_message => '',
                          message_payload => $text));
    is(next_delivery($receiver)->{message_payload}, $text, 'message_payload');
    ok($sender->data_sm(source_addr => '1000', destination_addr => '2000', message_payload => 'by data_sm'));
    is(next_delivery($receiver)->{short_message}, 'by data_sm', 'text of data_sm');
  },

  query => sub {
    my $sender = attach('new_transmitter', 'sender');
    my $id = ok($sender->submit_sm(source_addr => '1000', destination_addr => '3000',
                                   short_message => 'wait'))->{message_id};
    my $before = ok($sender->query_sm(message_id => $id, source_addr => '1000'));
    is($before->{message_id}, $id, 'message_id');
    is($before->{message_state}, ENROUTE, 'message_state before the delivery');
    is($sender->query_sm(message_id => '999999', source_addr => '1000')->status, ESME_RINVMSGID, 'status');
    next_delivery(attach('new_receiver', 'absent'));
    my $after;
    for (1 .. 100) {
      $after = ok($sender->query_sm(message_id => $id, source_addr => '1000'));
      last if $after->{message_state} != ENROUTE;
      select undef, undef, undef, 0.02;
    }
    is($after->{message_state}, DELIVERED, 'message_state after the delivery');
    like($after->{final_date}, qr/^\d{12}\d00\+$/, 'final_date');
  },

  cancel_and_replace => sub {
    my $sender = attach('new_transmitter', 'sender');
    my @ids = map {
      ok($sender->submit_sm(source_addr => '1000', destination_addr => '3000', short_message => $_))->{message_id}
    } qw(first second);
    ok($sender->cancel_sm(message_id => $ids[0], source_addr => '1000', destination_addr => '3000'));
    is(ok($sender->query_sm(message_id => $ids[0], source_addr => '1000'))->{message_state}, DELETED, 'message_state');
    ok($sender->replace_sm(message_id => $ids[1], source_addr => '1000', short_message => 'replaced'));
    is(next_delivery(attach('new_receiver', 'absent'))->{short_message}, 'replaced', 'short_message');
  },

  submit_multi => sub {
    my $receiver = attach('new_receiver', 'receiver');
    my $sender = attach('new_transmitter', 'sender');
    my $sent = ok($sender->submit_multi(source_addr => '1000', destination_addr => ['2001', '2002'],
                                        short_message => 'to both'));
    like($sent->{message_id}, qr/^[1-9]\d*$/, 'message_id');
    is(join(' ', sort map { next_delivery($receiver)->{destination_addr} } 1 .. 2), '2001 2002', 'destinations');
  },
);

my $run = $checks{$check} or die "there is no check $check\n";
$run->();
exit 0;

# A bound session; in a list, also the answer to its bind.
sub attach {
  my ($constructor, $name) = @_;
  my ($session, $answer) = Net::SMPP->$constructor('127.0.0.1', port => $port, system_id => $name,
                                                   password => $passwords{$name});
  die "$constructor: no connection: $!\n" unless $session;
  ok($answer);
  return wantarray ? ($session, $answer) : $session;
}

# The next deliver_sm, answered.
sub next_delivery {
  my ($session) = @_;
  while (my $pdu = $session->read_pdu()) {
    if ($pdu->{cmd} == Net::SMPP::CMD_deliver_sm) {
      $session->deliver_sm_resp(seq => $pdu->{seq}, message_id => '');
      return $pdu;
    }
    $session->enquire_link_resp(seq => $pdu->{seq}) if $pdu->{cmd} == Net::SMPP::CMD_enquire_link;
  }
  die "the connection ended before a deliver_sm\n";
}

sub ok {
  my ($answer) = @_;
  die 'no answer at line ' . (caller)[2] . "\n" unless $answer;
  die $answer->explain_cmd . ' with status ' . $answer->explain_status . ' at line ' . (caller)[2] . "\n"
      if $answer->status != ESME_ROK;
  return $answer;
}

sub is {
  my ($got, $wanted, $what) = @_;
  return if defined $got && $got eq $wanted;
  die "$what is '" . ($got // 'undefined') . "', not '$wanted', at line " . (caller)[2] . "\n";
}

sub like {
  my ($got, $wanted, $what) = @_;
  die "$what is '" . ($got // 'undefined') . "' at line " . (caller)[2] . "\n" unless ($got // '') =~ $wanted;
}
