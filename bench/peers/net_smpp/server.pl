#!/usr/bin/perl
# A message centre made of Perl's Net::SMPP that takes everything and keeps nothing: it lets anybody bind and answers
# every submit_sm with ESME_ROK and a new id. One process for all sessions; the package reads one PDU at a time, whole.
# For comparison runs; SIGTERM ends it.
#
# Usage: perl server.pl [PORT]      (default 0: any free port; prints `listening on 127.0.0.1:PORT`)
use strict;
use warnings;
use IO::Select;
use Net::SMPP;
use Socket qw(IPPROTO_TCP TCP_NODELAY);

$| = 1;
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
local $SIG{__WARN__} = sub { warn @_ unless $_[0] =~ /premature eof/ };  # how the package tells that a peer left

my $listener = Net::SMPP->new_listen('127.0.0.1', port => $ARGV[0] // 0) or die "listen: $!\n";
my $next_id = 0;

my %answers = (
  Net::SMPP::CMD_bind_transmitter, sub { $_[0]->bind_transmitter_resp(seq => $_[1], system_id => 'perl') },
  Net::SMPP::CMD_bind_receiver,    sub { $_[0]->bind_receiver_resp(seq => $_[1], system_id => 'perl') },
  Net::SMPP::CMD_bind_transceiver, sub { $_[0]->bind_transceiver_resp(seq => $_[1], system_id => 'perl') },
  Net::SMPP::CMD_submit_sm,        sub { $_[0]->submit_sm_resp(seq => $_[1], message_id => ++$next_id) },
  Net::SMPP::CMD_enquire_link,     sub { $_[0]->enquire_link_resp(seq => $_[1]) },
  Net::SMPP::CMD_unbind,           sub { $_[0]->unbind_resp(seq => $_[1]) },
);

my $all = IO::Select->new($listener);
print 'listening on 127.0.0.1:' . $listener->sockport . "\n";
while (1) {
  for my $ready ($all->can_read) {
    if ($ready == $listener) {
      my $session = $listener->accept or next;
      $session->setsockopt(IPPROTO_TCP, TCP_NODELAY, 1);
      $all->add($session);
      next;
    }
    my $pdu = $ready->read_pdu;
    if ($pdu) {
      my $answer = $answers{$pdu->{cmd}};
      $answer->($ready, $pdu->{seq}) if $answer;
    } else {
      $all->remove($ready);
      close $ready;
    }
  }
}
